/** The board's panel of what units lack, for those who keep the organisation in order. */

import { api } from "./api.js";
import { el, fill } from "./dom.js";
import { linked } from "./text.js";
import { WORDS } from "./words.js";

/** It reads every account and every session: far less often than the incidents. */
const EVERY = 300_000;

function unitItem({ unit, lacks }) {
  return el("li", { class: "ready-unit" }, el("h3", { text: unit }),
    ...lacks.map((line) => el("p", {}, ...linked(line))));
}

/** A section that stands hidden until the board says that it is for this viewer. */
export class ReadinessPanel {
  constructor() {
    this.bar = el("progress", { "aria-label": WORDS.readyTitle });
    this.progress = el("p", { class: "ready-progress" });
    this.proof = el("p", {});
    this.count = el("summary", {});
    this.list = el("ul", { class: "ready-units", role: "list" });
    this.details = el("details", {}, this.count, this.list);
    this.element = el("section", { class: "card ready", "aria-labelledby": "ready-title", hidden: true },
      el("h2", { id: "ready-title", text: WORDS.readyTitle }), this.progress, this.bar, this.proof,
      this.details);
  }

  /** Looks again when there is something to see and the last look is old enough. */
  async refresh(allowed) {
    const now = Date.now();
    if (!allowed) {
      this.element.hidden = true;
      return;
    }
    if (this.looked && now - this.looked < EVERY) return;
    this.looked = now;
    try {
      this.#draw(await api.readiness());
    } catch {
      this.looked = 0; // The board says that it could not look; the next round tries again.
    }
  }

  #draw({ done, whole, progress, proof, units }) {
    this.bar.max = Math.max(1, whole);
    this.bar.value = done;
    this.progress.textContent = progress;
    this.proof.textContent = proof;
    this.count.textContent = fill(WORDS.readyUnits, { n: units.length });
    this.details.hidden = !units.length;
    this.list.replaceChildren(...units.map(unitItem));
    this.element.hidden = false;
  }
}
