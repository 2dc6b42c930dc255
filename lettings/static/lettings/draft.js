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
let added = false; // pictures that the page does not show yet
const chosen = []; // pictures that are not sent yet
const refused = []; // sentences about those that never will be

function say(words, trouble = false) {
  said.textContent = words;
  said.classList.toggle("trouble", trouble);
}

function refuse(words, ...pictures) {
  refused.push(...pictures.map((picture) => words.replace("{name}", picture.name)));
}

// The button that was pressed goes no further before its reader knows why.
function hold() {
  if (pressed) stopped = false;
  pressed = null;
}

// Tells how it went: "sent", "failed" there, "busy" for some seconds, "stopped" for good, or until
// somebody "waits" no more.
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
    refused.push((await response.json()).message);
    return "stopped";
  }
  if (response.type === "opaqueredirect" || response.status === 403) {
    say(form.dataset.signedOut, true);
    return "waits";
  }
  if (response.status === 404) {
    stopped = true;
    refused.push(form.dataset.gone);
    return "stopped";
  }
  if (response.status === 503) return "busy"; // a picture stays chosen, and is sent again
  if (!response.ok) return "failed";
  const answer = await response.json();
  form.elements.stamp.value = answer.stamp;
  if (answer.url !== address) {
    address = answer.url;
    form.setAttribute("action", address);
    history.replaceState(null, "", address);
  }
  if (answer.message) say(answer.message);
  return "sent";
}

// Sends what was chosen, and what was typed meanwhile, until nothing is left.
async function bring() {
  let over = false;
  while (chosen.length || (dirty && !stopped)) {
    const [file] = chosen;
    dirty = false; // what was typed goes along with a picture
    if (file) say(form.dataset.adding);
    // Without a connection it throws; the picture stays the next one then.
    const outcome = await send(file ? "add" : "save", file).catch(() => "lost");
    dirty ||= outcome !== "sent";
    if (outcome === "waits") return hold();
    if (["lost", "busy"].includes(outcome) || (outcome === "failed" && !file)) {
      hold();
      say(form.dataset[outcome], true);
      timer = setTimeout(save, AGAIN);
      return;
    }
    if (outcome === "stopped") {
      refuse(form.dataset.refused, ...chosen.splice(0));
      over = true;
      break;
    }
    chosen.shift();
    if (outcome === "failed") refuse(form.dataset.refused, file);
    else added ||= Boolean(file);
  }
  const words = refused.splice(0).join(" ");
  if (words) say(words, true);
  if (words && !over) hold();
  if (words && added) sessionStorage.setItem(address, words);
  if (!added || pressed || stopped) return;
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
  const fits = (picture) => picture.size <= Number(form.dataset.mostBytes);
  chosen.push(...pictures.filter(fits));
  refuse(form.dataset.tooLarge, ...pictures.filter((picture) => !fits(picture)));
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
  if (!underway && !chosen.length) return;
  event.preventDefault();
  if (!underway) save(); // pictures that waited for a connection
  if (!pressed) {
    turn.then(() => {
      const button = pressed;
      pressed = null;
      if (button) form.requestSubmit(button);
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
// What was refused before this page took the place of the one that could say so.
const before = sessionStorage.getItem(address);
sessionStorage.removeItem(address);
if (before) say(before, true);
document.getElementById("errors")?.focus();
