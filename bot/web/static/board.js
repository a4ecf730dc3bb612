/** The board: open incidents, where each lies and with whom. Refreshed while someone looks at it. */

import { api } from "./api.js";
import { el, fill, icon } from "./dom.js";
import { addTop, openSession } from "./opening.js";
import { ReadinessPanel } from "./readiness.js";
import { signedOutPage } from "./signedout.js";
import { linked } from "./text.js";
import { WORDS } from "./words.js";

const EVERY = 20_000;

function steps(step) {
  const bar = el("div", { class: "steps", role: "img",
    "aria-label": fill(WORDS.boardStep, { n: step }) });
  for (let n = 1; n <= 4; n += 1) {
    bar.append(el("span", { class: n < step ? "done" : n === step ? "now" : "" }));
  }
  return bar;
}

function fact(name, value) {
  return el("div", {}, el("dt", { text: name }), el("dd", {}, ...linked(value)));
}

function incidentCard(incident) {
  const { code, title, severity, severity_text: severityText, step, step_text: stepText } = incident;
  return el("li", { class: `card incident ${incident.drill ? "drill" : ""}` },
    el("p", { class: "incident-head" }, el("span", { class: "code", text: code }),
      el("span", { class: `severity ${severity}`, text: severityText }),
      incident.drill ? el("span", { class: "tag", text: WORDS.drill }) : null),
    el("h2", { text: title }), steps(step), el("p", { class: "step-text", text: stepText }),
    el("dl", {}, fact(WORDS.boardBall, incident.ball), fact(WORDS.boardLeft, incident.left_text),
      fact(WORDS.boardSpokesperson, incident.spokesperson || WORDS.boardNoSpokesperson)));
}

class BoardPage {
  constructor(root, session) {
    root.replaceChildren();
    this.banner = addTop(root, session);
    this.at = el("p", { class: "board-at", role: "status" });
    this.list = el("ul", { class: "incidents", role: "list" });
    this.ready = new ReadinessPanel();
    root.append(
      el("header", { class: "board-head" }, el("h1", { text: WORDS.boardTitle }),
        el("a", { class: "board-link", href: "/" }, icon("chat"), el("span", { text: WORDS.toChat }))),
      el("main", { class: "board" }, this.at, this.list, this.ready.element));
    document.addEventListener("visibilitychange", () => this.refresh());
    window.addEventListener("online", () => this.refresh());
    setInterval(() => this.refresh(), EVERY);
  }

  async refresh() {
    if (document.visibilityState !== "visible") return;
    try {
      const board = await api.board();
      this.#draw(board);
      await this.ready.refresh(board.readiness);
    } catch (error) {
      if (error.status === 401) location.reload();
      else this.at.textContent = WORDS.boardLost;
    }
  }

  #draw({ incidents, clock_text: clock }) {
    this.at.textContent = fill(WORDS.boardAt, { clock });
    this.banner?.set(clock);
    const now = JSON.stringify(incidents);
    if (now === this.drawn) return;
    this.drawn = now;
    const empty = el("li", { class: "empty", text: WORDS.boardEmpty });
    this.list.replaceChildren(...(incidents.length ? incidents.map(incidentCard) : [empty]));
  }
}

async function main() {
  const root = document.getElementById("app");
  const session = await openSession(root);
  if (session.signed_in) {
    await new BoardPage(root, session).refresh();
    return;
  }
  root.replaceChildren();
  addTop(root, session);
  root.append(signedOutPage(session.duty, WORDS.boardSignedOut));
}

main();
