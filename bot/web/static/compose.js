/** The composer: words, files, the message replied to. The unsent draft lives in the chat. */

import { el, fill, icon, iconButton, sizeText } from "./dom.js";
import { WORDS } from "./words.js";

const MAX_FILES = 10;
const ACCEPT = "image/*,audio/*,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.odt,.ods,.odp";
const KEYBOARD = matchMedia("(hover: hover) and (pointer: fine)");
let made = 0;

export class Composer {
  #chat = null;

  /** `onMenu` opens the list of commands. */
  constructor(onMenu) {
    made += 1;
    const id = `text-${made}`;
    this.label = el("label", { class: "sr-only", for: id });
    this.text = el("textarea", { id, rows: "1", placeholder: WORDS.placeholder, maxlength: "8000",
      enterkeyhint: KEYBOARD.matches ? "send" : "enter", autocomplete: "off",
      "aria-describedby": `notice-${made}` });
    this.picker = el("input", { type: "file", multiple: true, accept: ACCEPT, class: "sr-only",
      tabindex: "-1", "aria-hidden": "true" });
    this.notice = el("p", { class: "notice", id: `notice-${made}`, role: "alert" });
    this.reply = el("div", { class: "reply-bar", hidden: true });
    this.chips = el("ul", { class: "chips", "aria-label": WORDS.filesPicked, hidden: true });
    this.sendButton = el("button", { type: "submit", class: "send", "aria-label": WORDS.send,
      title: WORDS.send }, icon("send"));
    this.recordButton = el("button", { type: "button", class: "keep", hidden: true,
      onclick: () => this.#send(true) }, icon("save"), el("span", { text: WORDS.keepOnRecord }));
    this.node = el("form", { class: "composer", "aria-label": WORDS.composer }, this.notice,
      this.reply, this.chips, this.#row(onMenu));
    this.#listen();
    this.#measure();
  }

  #row(onMenu) {
    return el("div", { class: "composer-row" },
      iconButton("menu", WORDS.menu, { onclick: onMenu, "aria-haspopup": "dialog" }),
      iconButton("clip", WORDS.attach, { onclick: () => this.picker.click() }),
      this.picker, this.label, this.text, this.recordButton, this.sendButton);
  }

  /** Its height is told to the page, which keeps what has the keyboard above it. */
  #measure() {
    const page = document.documentElement.style;
    new ResizeObserver(() => page.setProperty("--composer", `${this.node.offsetHeight}px`))
      .observe(this.node);
  }

  #listen() {
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.text.addEventListener("input", () => {
      this.#chat.setDraft({ text: this.text.value });
      this.#resize();
      this.#ready();
    });
    this.text.addEventListener("keydown", (event) => this.#key(event));
    this.text.addEventListener("paste", (event) => this.#paste(event));
    this.picker.addEventListener("change", () => {
      this.addFiles([...this.picker.files]);
      this.picker.value = "";
    });
  }

  /** Enter sends at a desk; under a thumb it is a new line. A syllable being built is left alone. */
  #key(event) {
    const building = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || building || !KEYBOARD.matches) return;
    event.preventDefault();
    this.#send();
  }

  #paste(event) {
    const files = [...(event.clipboardData?.files || [])];
    if (!files.length) return;
    event.preventDefault();
    this.addFiles(files);
  }

  /** Show the draft of a chat. */
  show(chat) {
    this.#chat = chat;
    const { room, person } = chat;
    this.label.textContent = room ? fill(WORDS.roomComposer, { code: room.code })
      : fill(WORDS.composerFor, { name: person.name });
    this.text.placeholder = room ? WORDS.roomPlaceholder : WORDS.placeholder;
    this.recordButton.hidden = !room;
    this.node.classList.toggle("in-room", Boolean(room));
    this.draw();
  }

  draw() {
    const { draft, notice } = this.#chat;
    if (this.text.value !== draft.text) this.text.value = draft.text;
    this.notice.textContent = notice;
    this.#drawFiles(draft.files);
    this.#drawReply(draft.replyTo);
    this.#resize();
    this.#ready();
  }

  #drawFiles(files) {
    this.chips.hidden = files.length === 0;
    this.chips.replaceChildren(...files.map((file) => el("li", { class: "chip" }, icon("file"),
      el("span", { class: "file-name", text: file.name }),
      el("span", { class: "file-size", text: sizeText(file.size) }),
      iconButton("close", fill(WORDS.removeFile, { name: file.name }),
        { onclick: () => this.#removeFile(file) }))));
  }

  #removeFile(file) {
    this.#chat.setDraft({ files: this.#chat.draft.files.filter((each) => each !== file) });
    this.#chat.notice = "";
    this.draw();
    this.text.focus();
  }

  #drawReply(message) {
    this.reply.hidden = !message;
    this.reply.replaceChildren();
    if (!message) return;
    this.reply.append(
      el("span", { class: "reply-text" }, el("b", { text: WORDS.replyTo }), message.text),
      iconButton("close", WORDS.replyCancel, { onclick: () => this.replyTo(null) }));
  }

  /** Mark the message that the next words answer. */
  replyTo(message) {
    this.#chat.setDraft({ replyTo: message });
    this.draw();
    this.text.focus();
  }

  addFiles(files) {
    const all = [...this.#chat.draft.files, ...files];
    this.#chat.notice = all.length > MAX_FILES ? fill(WORDS.tooManyFiles, { max: MAX_FILES }) : "";
    this.#chat.setDraft({ files: all.slice(0, MAX_FILES) });
    this.draw();
  }

  /** `record`: what is typed in a room goes on record too. */
  #send(record = false) {
    const { text, files, replyTo } = this.#chat.draft;
    if (!text.trim() && !files.length) return;
    this.#chat.setDraft({ text: "", files: [], replyTo: null });
    this.#chat.notice = "";
    this.draw();
    this.#chat.send(text.trim(), files, replyTo, record);
    this.text.focus();
  }

  #ready() {
    const { text, files } = this.#chat.draft;
    this.sendButton.disabled = !text.trim() && !files.length;
    this.recordButton.disabled = this.sendButton.disabled;
  }

  /** As high as its words; on a narrow phone, words in several lines get a row of their own. */
  #resize() {
    this.node.classList.remove("several");
    this.text.style.height = "auto";
    this.node.classList.toggle("several", this.text.scrollHeight > this.text.clientHeight + 4);
    this.text.style.height = `${this.text.scrollHeight + 2}px`;
  }

  focus() {
    this.text.focus();
  }
}
