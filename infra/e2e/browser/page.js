(action, wanted, among) => {
  const words = (s) => s.replace(/\s+/g, " ").trim();
  const seen = (e) => e.getClientRects().length > 0 && e.checkVisibility({ visibilityProperty: true });
  const all = (s) => [...document.querySelectorAll(s)].filter(seen);
  // What stands on it, for eyes and for screen readers.
  const name = (e) => words(e.ariaLabel || e.textContent);
  const find = (selector, kind) => {
    let found = all(selector);
    let hits = found.filter((e) => name(e) === wanted);
    if (!hits.length) hits = found.filter((e) => name(e).startsWith(wanted));
    if (!hits.length) hits = found.filter((e) => name(e).includes(wanted));
    if (among) hits = nearest(hits);
    if (!hits.length) throw new Error(`there is no ${kind} "${wanted}" but: ${found.map(name).join(" | ")}`);
    if (hits.length > 1 && !hits.every((e) => e.href && e.href === hits[0].href)) throw new Error(`there are ${hits.length} of ${kind} "${wanted}"`);
    return hits[0];
  };
  // sticking: texts that leave the box they stand in, and so may lie on others.
  const sticking = () => all("main *").filter((e) => {
    if (e.childElementCount || !words(e.textContent)) return false;
    for (let box = e; box; box = box.parentElement) if (box.getBoundingClientRect().width < 2) return false; // for screen readers only
    let box = e.parentElement;
    while (box && getComputedStyle(box).display.startsWith("inline")) box = box.parentElement;
    return box && getComputedStyle(box).overflowX === "visible" && e.getBoundingClientRect().right > box.getBoundingClientRect().right + 1;
  }).map((e) => e.outerHTML.slice(0, 120)).slice(0, 5).join(" | ");
  // steps: how many boxes out from it one says `among`.
  const boxes = "fieldset, section, article, tr, li, form";
  const steps = (e) => {
    let n = 0;
    for (let box = e.closest(boxes); box; box = box.parentElement?.closest(boxes)) {
      if (words(box.textContent).includes(among)) return n;
      n++;
    }
    return Infinity;
  };
  const nearest = (hits) => {
    const least = Math.min(...hits.map(steps));
    return least === Infinity ? [] : hits.filter((e) => steps(e) === least);
  };
  const point = (e) => {
    e.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const r = e.getClientRects()[0];
    const [x, y] = [r.left + r.width / 2, r.top + r.height / 2];
    const hit = document.elementFromPoint(x, y);
    if (!hit || !(e.contains(hit) || hit.contains(e))) throw new Error(`"${wanted}" is covered by ${hit?.outerHTML.slice(0, 200)}`);
    return { x, y };
  };
  const field = () => {
    const control = find("label", "field").control;
    if (!control) throw new Error(`the label "${wanted}" has no field`);
    return control;
  };
  switch (action) {
    case "button": return point(find("button, input[type=submit]", "button"));
    case "bottom": return { y: find("button", "button").getBoundingClientRect().bottom + scrollY };
    case "link": return point(find("a[href]", "link"));
    case "summary": return point(find("summary", "foldable part"));
    case "choice": return point(find("label.choice", "choice"));
    case "field": {
      const f = field();
      const p = point(f);
      f.focus();
      if (f.select && f.tagName !== "SELECT") f.select();
      return p;
    }
    case "value": return { text: field().value };
    case "checked": return { text: String(find("label.choice", "choice").control.checked) };
    case "text": return { text: document.body ? document.body.innerText.replace(/\u00a0/g, " ") : "" };
    case "links": return { text: [...document.querySelectorAll("a[href]")].filter((a) => a.origin === location.origin).map((a) => a.pathname + a.search).join("\n") };
    case "title": return { text: document.title };
    case "skeleton": return { text: [...new Set([...document.querySelectorAll("body *")].map((e) => `${e.tagName}.${e.className}[${e.getAttribute("role") || ""} ${e.getAttribute("type") || ""} ${e.getAttributeNames().sort()}]`))].sort().join(" ") };
    case "overflow": {
      const over = document.documentElement.scrollWidth - innerWidth;
      if (over <= 0) return { text: sticking() };
      const wide = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5);
      return { text: `${over} px: ${wide.filter((e) => !wide.some((o) => o !== e && e.contains(o))).map((e) => e.outerHTML.slice(0, 120)).slice(0, 5).join(" | ")}` };
    }
    case "select": {
      const f = field();
      const option = [...f.options].find((o) => words(o.textContent) === among);
      if (!option) throw new Error(`"${wanted}" offers no "${among}"`);
      f.value = option.value;
      return { text: f.value };
    }
  }
  throw new Error("unknown action " + action);
}
