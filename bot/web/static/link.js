/** The page of a one-time link. Opening it spends nothing; only the button "Vào" does. */

import { api } from "./api.js";
import { el } from "./dom.js";
import { addTop, openSession } from "./opening.js";
import { signedOutPage } from "./signedout.js";
import { WORDS } from "./words.js";

function codeOfPage() {
  return decodeURIComponent(location.pathname.replace(/\/+$/, "").split("/").pop());
}

function invitation(code, person) {
  const note = el("p", { class: "notice", role: "alert" });
  const enter = el("button", { type: "button", class: "primary", text: WORDS.linkEnter });
  enter.addEventListener("click", async () => {
    enter.disabled = true;
    note.textContent = "";
    try {
      await api.enter(code);
      location.replace("/");
    } catch (error) {
      note.textContent = error.status === 0 ? WORDS.linkLost : error.message;
      enter.disabled = false;
    }
  });
  return el("main", { class: "page" }, el("p", { class: "brand", text: WORDS.product }),
    el("h1", { text: WORDS.linkTitle }),
    el("section", { class: "card invitation" }, el("p", { text: WORDS.linkLead }),
      el("p", { class: "invited", text: person.name }), el("p", { text: person.post })),
    note, enter, el("p", { class: "quiet-note", text: WORDS.linkNotMe }));
}

async function main() {
  const root = document.getElementById("app");
  const session = await openSession(root);
  const code = codeOfPage();
  root.replaceChildren();
  addTop(root, session);
  try {
    root.append(invitation(code, await api.link(code)));
  } catch (error) {
    root.append(signedOutPage(session.duty, error.status === 0 ? WORDS.linkLost : error.message));
  }
}

main();
