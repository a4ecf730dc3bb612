/** Lines at the top of every screen: the rehearsal and its clock, and the in-app browser's hint. */

import { api } from "./api.js";
import { el, fill, icon } from "./dom.js";
import { WORDS } from "./words.js";

/** The rehearsal banner; `withClock` adds the two buttons that move the clock. */
export class Banner {
  #clock = el("span", { class: "banner-clock" });
  #note = el("p", { class: "notice", role: "alert" });

  constructor(clockText, withClock) {
    this.node = el("aside", { class: "banner", "aria-label": WORDS.rehearsal },
      el("p", { class: "banner-text" }, WORDS.rehearsal,
        el("span", { class: "banner-dot", text: " · " }), " ", this.#clock));
    if (withClock) {
      this.node.append(el("div", { class: "banner-buttons" },
        this.#button(WORDS.forwardQuarter, { minutes: 15 }),
        this.#button(WORDS.forwardNext, { to_next: true })), this.#note);
    }
    this.set(clockText);
  }

  #button(label, step) {
    const button = el("button", { type: "button", class: "forward" }, icon("forward"),
      el("span", { text: label }));
    button.addEventListener("click", () => this.#forward(button, step));
    return button;
  }

  async #forward(button, step) {
    button.disabled = true;
    this.#note.textContent = "";
    try {
      this.set((await api.forward(step)).clock_text);
    } catch (error) {
      this.#note.textContent = error.status === 0 ? WORDS.forwardLost : error.message;
    }
    button.disabled = false;
  }

  set(clockText) {
    if (clockText) this.#clock.textContent = fill(WORDS.rehearsalClock, { clock: clockText });
  }
}

const APPS = [
  [/zalo/i, "Zalo"],
  [/FBAN|FBAV|FB_IAB|FBIOS/, "Facebook"],
  [/Messenger/i, "Messenger"],
  [/Telegram/i, "Telegram"],
  [/Instagram|\bLine\/|MicroMessenger|Viber/i, WORDS.inAppOther],
];

/** The name of the app whose own browser shows this page, or null in a browser of its own. */
export function hostApp(agent = navigator.userAgent) {
  if (window.TelegramWebviewProxy) return "Telegram";
  const found = APPS.find(([pattern]) => pattern.test(agent));
  return found ? found[1] : null;
}

/** The hint for an in-app browser, or null. */
export function inAppLine() {
  const app = hostApp();
  return app ? el("p", { class: "in-app", text: fill(WORDS.inAppBrowser, { app }) }) : null;
}
