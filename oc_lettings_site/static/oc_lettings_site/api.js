// Lets one try the operations on the page: asks, and shows the answer. Without it the page still
// says all there is to know.
"use strict";
{
  const root = document.querySelector(".api");
  const token = document.getElementById("token");
  const SHOWN = ["content-type", "etag", "location", "ratelimit", "retry-after", "allow", "www-authenticate"];

  const filled = (form, place) =>
    [...form.querySelectorAll(`[data-in="${place}"]`)].filter((each) => each.value);

  function address(form) {
    let path = form.dataset.path;
    for (const each of filled(form, "path")) {
      path = path.replace(`{${each.name}}`, encodeURIComponent(each.value));
    }
    const query = new URLSearchParams(filled(form, "query").map((each) => [each.name, each.value]));
    return query.size ? `${path}?${query}` : path;
  }

  function asked(form) {
    const headers = { Accept: "application/json" };
    for (const each of filled(form, "header")) headers[each.name] = each.value;
    if (token.value) headers.Authorization = `Bearer ${token.value.trim()}`;
    const request = { method: form.dataset.method, headers, credentials: "omit", cache: "no-store" };
    if (form.dataset.type === "application/json") {
      headers["Content-Type"] = form.dataset.type;
      request.body = form.querySelector('[data-in="body"]').value;
    } else if (form.dataset.type) {
      request.body = new FormData();
      for (const each of filled(form, "part")) {
        request.body.append(each.name, each.files ? each.files[0] : each.value);
      }
    }
    return request;
  }

  function pretty(text) {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  }

  function line(tag, text) {
    const made = document.createElement(tag);
    made.textContent = text;
    return made;
  }

  async function send(form) {
    const answer = form.querySelector(".answer");
    answer.replaceChildren(line("p", root.dataset.sending));
    try {
      const url = address(form);
      const response = await fetch(url, asked(form));
      const headers = SHOWN.filter((name) => response.headers.has(name));
      const body = line("pre", pretty(await response.text()));
      body.tabIndex = 0;
      answer.replaceChildren(
        line("p", `${form.dataset.method} ${url}`),
        line("p", `${response.status} ${response.statusText}`),
        line("pre", headers.map((name) => `${name}: ${response.headers.get(name)}`).join("\n")),
        body,
      );
      answer.classList.toggle("failed", !response.ok);
    } catch {
      answer.replaceChildren(line("p", root.dataset.failed));
      answer.classList.add("failed");
    }
  }

  for (const form of document.querySelectorAll("form.try")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
  const tokenForm = document.getElementById("token-form");
  tokenForm.addEventListener("submit", (event) => event.preventDefault());
}
