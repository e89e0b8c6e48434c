"use strict";
// Adds comfort only: without it every page works.
(() => {
  const all = (s, f) => document.querySelectorAll(s).forEach(f);

  // Show password: a button beside each password field.
  all("input[type=password][data-show]", (input) => {
    const b = Object.assign(document.createElement("button"), { type: "button", className: "plain show", textContent: input.dataset.show });
    const name = document.createElement("span");
    const say = () => {
      const shown = input.type === "text";
      b.firstChild.data = shown ? input.dataset.hide : input.dataset.show;
    };
    name.className = "hidden";
    name.textContent = " " + document.querySelector(`label[for="${input.id}"]`).textContent;
    b.append(name);
    b.addEventListener("click", () => { input.type = input.type === "text" ? "password" : "text"; say(); });
    input.form.addEventListener("submit", () => { input.type = "password"; say(); });
    input.after(b);
  });

  // The error summary takes the focus, so that it is read first.
  document.querySelector(".error-summary")?.focus();

  // Unsaved input (forms with data-guard) and double submits (every form).
  let changed = false;
  all("form[data-guard]", (f) => f.addEventListener("input", () => { changed = true; }));
  addEventListener("beforeunload", (e) => { if (changed) e.preventDefault(); });
  all("form:not([method=dialog])", (f) => f.addEventListener("submit", (e) => {
    if (f.dataset.sent) return e.preventDefault();
    f.dataset.sent = "1";
    changed = false;
    f.querySelectorAll("button:not([type=button])").forEach((b) => b.setAttribute("aria-disabled", "true"));
    setTimeout(free, 15e3);
  }));
  // Back from the browser's memory, or no answer came: the form may be sent again.
  const free = () => all("form[data-sent]", (f) => {
    delete f.dataset.sent;
    f.querySelectorAll("[aria-disabled]").forEach((b) => b.removeAttribute("aria-disabled"));
  });
  addEventListener("pageshow", (e) => { if (e.persisted) free(); });

  // Warns five minutes before the session ends, while a form is open. One click and it goes on (WCAG 2.2.1).
  const ending = document.querySelector("main form") && document.getElementById("ending");
  const arm = (left) => setTimeout(() => { ending.className = "notice warning new"; ending.hidden = false; }, left * 1e3 - 3e5);
  if (ending) {
    arm(document.body.dataset.sessionLeft);
    ending.querySelector("button")?.addEventListener("click", async (e) => {
      const r = await fetch(ending.dataset.extend, { headers: { Accept: "application/json" } }).catch(() => ({}));
      if (r.status === 401) { ending.querySelector("span").textContent = ending.dataset.over; e.target.remove(); }
      if (!r.ok) return;
      const s = await r.json();
      ending.hidden = true;
      ending.querySelector("time").textContent = s.clock;
      arm(s.secondsLeft);
    });
  }

  // Open menus close on Escape and on a click elsewhere.
  const close = (e) => all("details.menu[open]", (d) => { if (!e || !d.contains(e.target)) d.open = false; });
  addEventListener("click", close);

  // Keys: j and k walk the queue, data-key names its own key, ? shows them all.
  addEventListener("keydown", (e) => {
    if (e.key === "Escape") close();
    if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
    const rows = [...document.querySelectorAll("[data-queue] [data-row]")];
    const at = rows.indexOf(document.activeElement);
    if (e.key === "j") rows[Math.min(at + 1, rows.length - 1)]?.focus();
    if (e.key === "k") rows[Math.max(at - 1, 0)]?.focus();
    if (e.key === "?") document.getElementById("keys")?.showModal();
    const own = /^[a-z]$/.test(e.key) && document.querySelector(`[data-key="${e.key}"]`);
    if (own) { e.preventDefault(); own.focus(); if (own.tagName === "A") own.click(); }
  });
})();
