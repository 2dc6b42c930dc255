// Saves a draft while its host types, and adds pictures that are dropped. Without this, the
// buttons of the page do the same.
"use strict";

const form = document.querySelector("form[data-draft]");
const said = form.querySelector("[data-saved]");
const files = document.getElementById("id_pictures");
const PAUSE = 2000; // milliseconds without a key before what was typed is saved
const AGAIN = 10000;
// Not form.action, which is the buttons of that name.
let address = form.getAttribute("action");
let timer = 0;
let dirty = false;
let stopped = false;
let turn = Promise.resolve(); // one request at a time: each needs the stamp of the one before

function say(words, trouble = false) {
  said.textContent = words;
  said.classList.toggle("trouble", trouble);
}

async function send(action, file) {
  const body = new FormData(form);
  body.set("action", action);
  body.delete("pictures");
  if (file) body.set("pictures", file);
  const response = await fetch(address, {
    method: "POST",
    body,
    headers: { Accept: "application/json" },
    redirect: "manual",
  });
  if (response.status === 409) {
    stopped = true;
    say((await response.json()).message, true);
    return false;
  }
  if (response.type === "opaqueredirect" || response.status === 403) {
    say(form.dataset.signedOut, true);
    return false;
  }
  if (response.status === 404) {
    stopped = true;
    say(form.dataset.gone, true);
    return false;
  }
  if (!response.ok) throw new Error(response.status);
  const answer = await response.json();
  form.elements.stamp.value = answer.stamp;
  if (answer.url !== address) {
    address = answer.url;
    form.setAttribute("action", address);
    history.replaceState(null, "", address);
  }
  if (answer.message) say(answer.message);
  return true;
}

function save() {
  clearTimeout(timer);
  turn = turn.then(async () => {
    if (!dirty || stopped) return;
    dirty = false;
    try {
      if (!(await send("save"))) dirty = true;
    } catch {
      dirty = true;
      say(form.dataset.lost, true);
      timer = setTimeout(save, AGAIN);
    }
  });
}

function add(chosen) {
  turn = turn.then(async () => {
    say(form.dataset.adding);
    try {
      for (const file of chosen) {
        dirty = false; // what was typed goes along
        if (!(await send("add", file))) {
          dirty = true;
          return;
        }
      }
      if (dirty) await send("save");
      leave(); // or hiding the page would save what is saved, behind the next page's back
      form.removeEventListener("submit", leave);
      location.assign(`${location.pathname}#pictures`);
      location.reload();
    } catch {
      dirty = true;
      say(form.dataset.lost, true);
    }
  });
}

function leave() {
  stopped = true;
  clearTimeout(timer);
}

form.addEventListener("input", (event) => {
  if (event.target === files || stopped) return;
  dirty = true;
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
});
form.addEventListener("submit", leave);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") save();
});
// Chosen pictures are added at once: the button would add them a second time.
form.querySelector('button[value="add"]').hidden = true;
files.addEventListener("change", () => {
  if (files.files.length && !stopped) add([...files.files]);
});

const drop = form.querySelector("[data-drop]");
for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  if (!stopped) add([...event.dataTransfer.files]);
});
document.getElementById("errors")?.focus();
