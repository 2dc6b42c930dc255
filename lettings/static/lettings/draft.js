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
let underway = 0;
let pressed = null; // the button that waits for what is under way
const chosen = []; // pictures that are not sent yet

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

// Sends what was chosen, and what was typed meanwhile, until nothing is left.
async function bring() {
  let added = false;
  try {
    while (chosen.length || (dirty && !stopped)) {
      dirty = false; // what was typed goes along with a picture
      const file = chosen.shift();
      if (file) say(form.dataset.adding);
      if (!(await send(file ? "add" : "save", file))) {
        dirty = true;
        chosen.length = 0;
        return;
      }
      added ||= Boolean(file);
    }
  } catch {
    dirty = true;
    chosen.length = 0;
    say(form.dataset.lost, true);
    timer = setTimeout(save, AGAIN);
    return;
  }
  if (!added || pressed) return;
  leave(); // or hiding the page would save what is saved, behind the next page's back
  form.inert = true; // a key pressed from now on would be lost without a word
  location.assign(`${location.pathname}#pictures`);
  location.reload();
}

function save() {
  clearTimeout(timer);
  underway += 1;
  turn = turn.then(bring).finally(() => {
    underway -= 1;
  });
}

function add(pictures) {
  chosen.push(...pictures);
  files.value = ""; // or a button would send them once more
  save();
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
// What is under way changes the stamp: sent now, the form would be that of another window.
form.addEventListener("submit", (event) => {
  leave();
  if (!underway) return;
  event.preventDefault();
  if (!pressed) {
    turn.then(() => {
      const button = pressed;
      pressed = null;
      form.requestSubmit(button);
    });
  }
  pressed = event.submitter;
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") save();
});
// Come back to from the page that it was sent to: what is shown here is older than what was sent.
addEventListener("pageshow", (event) => {
  if (event.persisted && stopped) location.reload();
});
// Chosen pictures are added at once: the button would add them a second time. It is for those
// chosen before this was loaded.
form.querySelector('button[value="add"]').hidden = !files.files.length;
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
