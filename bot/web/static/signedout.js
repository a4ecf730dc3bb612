/** The page of someone without a session: whom to call, and asking for a new link. */

import { api } from "./api.js";
import { el, fill, newId } from "./dom.js";
import { phoneLink } from "./text.js";
import { WORDS } from "./words.js";

function field(label, attributes) {
  return el("label", { class: "field" }, el("span", { text: label }),
    el("input", { required: true, ...attributes }));
}

/** The form that asks the duty officer for a link. */
function requestForm() {
  const name = field(WORDS.linkRequestName, { name: "name", autocomplete: "name", maxlength: "120" });
  const phone = field(WORDS.linkRequestPhone, { name: "phone", type: "tel", inputmode: "tel",
    autocomplete: "tel", maxlength: "30" });
  const note = el("p", { class: "notice", role: "alert", id: "link-request-note" });
  const button = el("button", { type: "submit", class: "primary", text: WORDS.linkRequestSend });
  const form = el("form", { class: "request", novalidate: true },
    el("h2", { text: WORDS.linkRequestTitle }), name, phone,
    el("p", { class: "quiet-note", text: WORDS.linkRequestHint }), note, button);
  const clientId = newId();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const facts = { name: form.elements.name.value.trim(), phone: form.elements.phone.value.trim() };
    sendRequest(form, button, note, clientId, facts);
  });
  return form;
}

async function sendRequest(form, button, note, clientId, { name, phone }) {
  if (!name || !phone) {
    note.textContent = WORDS.linkRequestMissing;
    markMissing(form, { name, phone });
    return;
  }
  markMissing(form, { name, phone });
  button.disabled = true;
  note.textContent = "";
  try {
    await api.requestLink(clientId, name, phone);
    const done = el("p", { class: "done", role: "status", tabindex: "-1",
      text: fill(WORDS.linkRequestDone, { phone }) });
    form.replaceChildren(done);
    done.focus();
  } catch (error) {
    note.textContent = error.status === 0 ? WORDS.linkRequestLost : error.message;
    button.disabled = false;
  }
}

/** Marks the fields left empty, and puts the keyboard into the first of them. */
function markMissing(form, facts) {
  const missing = Object.keys(facts).filter((name) => !facts[name]);
  for (const name of Object.keys(facts)) {
    const input = form.elements[name];
    input.toggleAttribute("aria-invalid", false);
    input.removeAttribute("aria-describedby");
    if (!missing.includes(name)) continue;
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", "link-request-note");
  }
  if (missing.length) form.elements[missing[0]].focus();
}

/** The duty officer with a number to tap, or null when none is known. */
export function dutyCard(duty) {
  if (!duty?.phone) return null;
  return el("section", { class: "card duty-card" }, el("h2", { text: WORDS.dutyTitle }),
    el("p", { text: duty.name }), phoneLink(duty.phone, { class: "phone big" }));
}

/** The whole page; `lead` says why it is shown. */
export function signedOutPage(duty, lead = WORDS.signedOutLead) {
  return el("main", { class: "page" }, el("p", { class: "brand", text: WORDS.product }),
    el("h1", { text: WORDS.signedOutTitle }), el("p", { class: "lead", text: lead }),
    dutyCard(duty), requestForm());
}
