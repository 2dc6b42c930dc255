// Writes the reader's time zone where a form waits for it. A hidden form has nothing else to say, and is sent.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";

for (const field of document.querySelectorAll("[data-time-zone]")) {
  field.value = zone;
  if (field.form.hidden) fetch(field.form.action, { method: "POST", body: new FormData(field.form) }).catch(() => {});
}
