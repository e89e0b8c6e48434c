() => {
  const told = [];
  const say = (rule, e) => told.push(rule + (e ? `\n    ${e.outerHTML.slice(0, 160)}` : ""));
  const all = (s, root = document) => [...root.querySelectorAll(s)];
  const seen = (e) => e.getClientRects().length > 0 && e.checkVisibility({ visibilityProperty: true });
  const german = document.documentElement.lang === "de";

  // One question a page, one primary button; every state has its own title.
  if (all("h1").length !== 1) say(`${all("h1").length} first headings`);
  const first = all("main .button:not(.secondary, .danger, .link)").filter(seen);
  if (first.length > 1) say(`${first.length} primary buttons: ${first.map((b) => b.textContent.trim()).join(" | ")}`);
  const summary = document.querySelector(".error-summary");
  const title = german ? "Fehler: " : "Error: ";
  if (!!summary !== document.title.startsWith(title)) say(`the title is ${JSON.stringify(document.title)}`, summary);
  for (const e of all("[aria-invalid=true]")) {
    if (!summary?.querySelector(`a[href="#${e.id}"]`)) say("the summary does not lead to this field", e);
    if (!all(".field-error").some((m) => (e.getAttribute("aria-describedby") || e.closest("fieldset")?.getAttribute("aria-describedby") || "").split(" ").includes(m.id))) say("no message at this field", e);
  }
  for (const a of all(".error-summary a[href^='#']")) {
    if (!document.getElementById(a.hash.slice(1))) say("this leads to no field", a);
  }

  // Password managers: each form with a password of the customer names whose it is; each field says what it takes.
  for (const f of all("form")) {
    if (f.querySelector("[autocomplete=current-password], [autocomplete=new-password]") && !f.querySelector("[autocomplete=username]")) say("a password without its user name", f);
  }
  for (const e of all("input:not([type=hidden], [type=radio], [type=checkbox]), textarea")) {
    if (!e.autocomplete && e.tagName === "INPUT") say("a field without autocomplete", e);
    if (e.type !== "search" && !e.hasAttribute("autocapitalize") && e.tagName === "INPUT" && !e.readOnly) say("a field without autocapitalize", e);
  }

  // Tables are cards on telephones: each cell names its column. The first thing that Tab reaches skips to the content.
  for (const td of all(".table.cards tbody td:not(.action)")) {
    if (!td.dataset.label) say("a cell without its column's name", td);
  }
  if (!document.querySelector("a[href], button, input")?.matches(".skip")) say("the page does not begin with the link to its content");
  if (!document.querySelector("link[rel=icon]")) say("no icon");

  // Words, and what only a mistake of ours prints. The service team reads subjects of mails in the customer's language.
  const text = all("h1, h2, h3, p, li, dt, dd, th, td, label, legend, summary, button, a").filter(seen).map((e) => e.innerText).join("\n");
  const wrong = [/\p{L}!(\s|$)/u, /\bleider\b/i, /unfortunately/i, /offene Aufträge/, /<no value>|%!|map\[|\bnil\b|undefined|\[object/, /01\.01\.0001|1 January 0001/];
  if (german) wrong.push(/\b\d{1,2}:\d\d\b(?! Uhr)/, /\b20\d\d-\d\d-\d\d\b/);
  else if (!document.body.classList.contains("staff")) wrong.push(/ Uhr\b/, /\b20\d\d-\d\d-\d\d\b/, /\b\d\d\.\d\d\.20\d\d\b/);
  for (const w of wrong) {
    const hit = text.match(w);
    if (hit) say(`it says ${JSON.stringify(text.slice(Math.max(0, hit.index - 40), hit.index + 40))} (${w})`);
  }
  return told;
}
