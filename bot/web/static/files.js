/** Files inside a bubble, and the dialog that shows an image large. */

import { el, fill, icon, iconButton, sizeText } from "./dom.js";
import { WORDS } from "./words.js";

/** The block of files of one message, or null. */
export function filesBlock(files) {
  if (!files?.length) return null;
  const images = files.filter((file) => file.kind === "image");
  const others = files.filter((file) => file.kind !== "image");
  const block = el("div", { class: "files" });
  if (images.length) block.append(gallery(images));
  for (const file of others) block.append(file.kind === "audio" ? player(file) : fileLink(file));
  return block;
}

function gallery(images) {
  const box = el("div", { class: images.length === 1 ? "gallery single" : "gallery" });
  images.forEach((file, index) => {
    box.append(el("button", { type: "button", class: "thumb",
      "aria-label": fill(WORDS.openImage, { name: file.name }),
      onclick: () => showImages(images, index) },
    el("img", { src: file.url, alt: "", loading: "lazy", decoding: "async" })));
  });
  return box;
}

function player(file) {
  const label = fill(WORDS.audio, { name: file.name, size: sizeText(file.size || 0) });
  return el("figure", { class: "sound" }, el("figcaption", { text: label }),
    el("audio", { controls: true, preload: "none", src: file.url, "aria-label": label }));
}

/** A document: its name opens it where the browser can, else saves it; the arrow always saves. */
function fileLink(file) {
  const meeting = file.type === "text/calendar";
  const opens = file.type === "application/pdf";
  const kind = `${WORDS.kinds[file.type] || WORDS.anyKind}, ${sizeText(file.size || 0)}`;
  const name = meeting ? WORDS.calendar : file.name;
  const way = opens ? { target: "_blank", rel: "noopener" } : { download: file.name };
  const link = el("a", { class: "file", href: file.url, ...way },
    icon(meeting ? "calendar" : "file"), el("span", { class: "file-words" },
      el("span", { class: "file-name", text: name }), " ",
      el("span", { class: "file-size", text: kind })), opens ? null : icon("save"));
  if (!opens) return link;
  const save = fill(WORDS.saveFile, { name });
  return el("div", { class: "file-row" }, link, el("a", { class: "icon-button", href: file.url,
    download: file.name, "aria-label": save, title: save }, icon("save")));
}

/** Show images large, one at a time; arrow keys and buttons move between them. */
function showImages(images, start) {
  let at = start;
  const picture = el("img", { class: "large" });
  const count = el("p", { class: "viewer-count", "aria-live": "polite" });
  const show = (step) => {
    at = (at + step + images.length) % images.length;
    picture.src = images[at].url;
    picture.alt = fill(WORDS.image, { name: images[at].name });
    count.textContent = images.length > 1
      ? fill(WORDS.imageCount, { n: at + 1, total: images.length }) : images[at].name;
  };
  const dialog = el("dialog", { class: "viewer", "aria-label": WORDS.image.replace(" {name}", "") });
  const several = images.length > 1;
  dialog.append(picture, el("div", { class: "viewer-bar" },
    several ? iconButton("left", WORDS.previousImage, { onclick: () => show(-1) }) : null,
    count,
    several ? iconButton("right", WORDS.nextImage, { onclick: () => show(1) }) : null,
    iconButton("close", WORDS.close, { onclick: () => dialog.close() })));
  dialog.addEventListener("keydown", (event) => {
    if (several && event.key === "ArrowLeft") show(-1);
    if (several && event.key === "ArrowRight") show(1);
  });
  openDialog(dialog);
  show(0);
}

/** Open a modal dialog that closes on Escape or a tap beside it, and then leaves the page. */
export function openDialog(dialog) {
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
