/** The bottom sheet: what this person may do now, whom to call, the board, the way out. */

import { api } from "./api.js";
import { el, fill, icon, iconButton } from "./dom.js";
import { openDialog } from "./files.js";
import { phoneLink } from "./text.js";
import { WORDS } from "./words.js";

/** Open the sheet for a chat; a tapped command is sent as a message, there: `onSend` shows it. */
export async function openSheet(chat, session, onSend) {
  const list = el("ul", { class: "sheet-list", role: "list" },
    el("li", { class: "quiet-note", text: WORDS.loading }));
  const dialog = el("dialog", { class: "sheet", "aria-label": WORDS.menuTitle });
  dialog.append(
    el("div", { class: "sheet-head" }, el("h2", { text: WORDS.menuTitle }),
      iconButton("close", WORDS.close, { onclick: () => dialog.close() })),
    list, footer(session));
  openDialog(dialog);
  const { menu, lost } = await commands(chat, session);
  if (lost) list.replaceChildren(el("li", { class: "notice", text: WORDS.menuLost }));
  else list.replaceChildren(...menu.map((entry) => command(entry, chat, dialog, onSend)));
  list.querySelector("button")?.focus();
}

async function commands(chat, session) {
  try {
    return await api.menu(chat.person.id);
  } catch {
    const own = session.me?.id === chat.person.id && session.menu?.length;
    return own ? { menu: session.menu } : { menu: [], lost: true };
  }
}

function command({ command: word, label }, chat, dialog, onSend) {
  return el("li", {}, el("button", { type: "button", class: "sheet-item", onclick: () => {
    dialog.close();
    onSend();
    chat.send(word);
  } }, el("span", { text: label }), el("span", { class: "command", text: word })));
}

function footer(session) {
  const foot = el("div", { class: "sheet-foot" });
  const { duty } = session;
  if (duty?.phone) {
    foot.append(el("p", { class: "duty" }, icon("phone"),
      el("span", { text: fill(WORDS.dutyLine, { name: duty.name }) }), phoneLink(duty.phone)));
  }
  foot.append(el("a", { class: "sheet-item", href: "/board" }, el("span", { text: WORDS.board })));
  if (!session.rehearsal) foot.append(signOutButton());
  return foot;
}

function signOutButton() {
  const note = el("p", { class: "notice", role: "alert" });
  const leave = async () => {
    try {
      await api.signOut();
      sessionStorage.clear();
      location.replace("/");
    } catch {
      note.textContent = WORDS.signOutLost;
    }
  };
  return el("div", {},
    el("button", { type: "button", class: "sheet-item", onclick: leave, text: WORDS.signOut }), note);
}
