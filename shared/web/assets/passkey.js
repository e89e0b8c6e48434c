"use strict";
// Asks the browser for a passkey. The page's form carries what the server asks (data-passkey-get or data-passkey-create)
// and takes the answer in its field "response". Loaded on the pages with such a form only.
(() => {
  const bytes = (s) => Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (b) => b && btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const descriptors = (list) => (list || []).map((d) => ({ ...d, id: bytes(d.id) }));

  const ask = async (form, signal) => {
    const create = form.dataset.passkeyCreate;
    const o = JSON.parse(create || form.dataset.passkeyGet);
    o.challenge = bytes(o.challenge);
    if (create) {
      o.user.id = bytes(o.user.id);
      o.excludeCredentials = descriptors(o.excludeCredentials);
    } else {
      o.allowCredentials = descriptors(o.allowCredentials);
    }
    const c = await navigator.credentials[create ? "create" : "get"]({ publicKey: o, signal });
    const r = c.response;
    const answer = { clientDataJSON: text(r.clientDataJSON) };
    if (create) {
      answer.attestationObject = text(r.attestationObject);
      answer.transports = r.getTransports ? r.getTransports() : [];
    } else {
      answer.authenticatorData = text(r.authenticatorData);
      answer.signature = text(r.signature);
      answer.userHandle = text(r.userHandle);
    }
    return { id: c.id, rawId: text(c.rawId), type: c.type, response: answer,
      authenticatorAttachment: c.authenticatorAttachment || undefined, clientExtensionResults: {} };
  };

  document.querySelectorAll("[data-passkey-offer]").forEach((e) => { e.hidden = !window.PublicKeyCredential; });
  document.querySelectorAll("form[data-passkey-get], form[data-passkey-create]").forEach((form) => {
    const failed = form.querySelector("[data-passkey-failed]");
    let under;
    const go = async () => {
      under?.abort(); // pressed again: the browser asks anew
      const mine = (under = new AbortController());
      failed.hidden = true;
      try {
        form.elements.response.value = JSON.stringify(await ask(form, mine.signal));
        form.submit();
      } catch {
        failed.hidden = mine.signal.aborted;
      }
    };
    form.addEventListener("submit", (e) => { e.preventDefault(); e.stopImmediatePropagation(); go(); }, true);
    if (form.dataset.passkeyGet) go(); // the visitor has pressed a button already
  });
})();
