"use strict";
// Asks the browser for a passkey. The page's form carries what the server asks (data-passkey-get or data-passkey-create)
// and takes the answer in its field "response". Loaded on the pages with such a form only.
(() => {
  // Browsers read and write a passkey's JSON themselves (WebAuthn Level 3, 5.1); older ones get it done by hand.
  const options = (create, json) => {
    const parse = create ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON";
    return PublicKeyCredential[parse] ? PublicKeyCredential[parse](json) : optionsByHand(json);
  };
  const answer = (credential) => {
    try {
      return credential.toJSON();
    } catch { // missing, or an "Illegal invocation": the credentials of some password managers are no real ones
      return answerByHand(credential);
    }
  };

  const bytes = (s) => Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (b) => b && btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const withID = (o) => o && { ...o, id: bytes(o.id) };
  const optionsByHand = (json) => ({ ...json, challenge: bytes(json.challenge), user: withID(json.user),
    excludeCredentials: json.excludeCredentials?.map(withID), allowCredentials: json.allowCredentials?.map(withID) });
  const answerByHand = ({ id, rawId, type, response: r, authenticatorAttachment }) => ({
    id, rawId: text(rawId), type, authenticatorAttachment: authenticatorAttachment || undefined, clientExtensionResults: {},
    response: { clientDataJSON: text(r.clientDataJSON), // what is not there is left out of the JSON
      attestationObject: text(r.attestationObject), transports: r.getTransports?.(), // of a new passkey
      authenticatorData: text(r.authenticatorData), signature: text(r.signature), userHandle: text(r.userHandle) },
  });

  const ask = async (form, signal) => {
    const create = form.dataset.passkeyCreate;
    const publicKey = options(create, JSON.parse(create || form.dataset.passkeyGet));
    return answer(await navigator.credentials[create ? "create" : "get"]({ publicKey, signal }));
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
