// Keeps what is typed into a form until it is sent: in this browser, under whose draft it is; forgotten when it is sent, at sign-out, and after two weeks.
"use strict";
(() => {
  const PREFIX = "tiendo draft ";
  const KEPT_MS = 14 * 24 * 3600 * 1000;
  const fields = (form) => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.tagName !== "BUTTON");

  const read = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key)) || {};
    } catch {
      return {};
    }
  };

  for (const key of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
    if (!(read(key).at > Date.now() - KEPT_MS)) localStorage.removeItem(key);
  }

  for (const form of document.querySelectorAll("form[data-draft]")) {
    const key = PREFIX + form.dataset.draft;
    const kept = read(key).fields || {};
    const typed = fields(form).filter((one) => one.tagName !== "SELECT");
    if (typed.every((one) => !one.value)) {
      for (const one of fields(form)) if (kept[one.name]) one.value = kept[one.name];
    }
    form.addEventListener("input", () => {
      const now = Object.fromEntries(fields(form).map((one) => [one.name, one.value]));
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields: now }));
    });
  }

  for (const form of document.querySelectorAll("form[data-draft-sent]")) {
    form.addEventListener("submit", (event) => {
      if (event.submitter && event.submitter.value === "confirmed") localStorage.removeItem(PREFIX + form.dataset.draftSent);
    });
  }
})();
