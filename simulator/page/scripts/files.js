// Files: a picture, a player, or a chip to download.

import { at, button, icon, make } from "./dom.js";

const addressOf = (key) => `/_sim/files/${encodeURIComponent(key ?? "")}`;

export function picture(key, alt = "Image") {
  const shown = make("img", "picture");
  shown.src = addressOf(key);
  shown.alt = alt;
  shown.loading = "lazy";
  shown.addEventListener("error", () => shown.replaceWith(make("span", "missing", `${alt} is not there any more`)));
  return button("picture-button", `View ${alt}`, () => view(shown.src, alt), shown);
}

export function player(kind, key) {
  const element = make(kind, "player");
  element.src = addressOf(key);
  element.controls = true;
  element.preload = "metadata";
  return element;
}

export function fileChip(key, name = "File") {
  const link = make("a", "bubble file", icon("file"), make("span", "name", name), make("small", "", "Download"));
  link.href = addressOf(key);
  link.download = name;
  return link;
}

export function view(source, alt) {
  const dialog = at("viewer");
  dialog.querySelector("img").src = source;
  dialog.querySelector("img").alt = alt;
  dialog.showModal();
}

export function closeViewerOnClick() {
  at("viewer").addEventListener("click", () => at("viewer").close());
  // Pictures inside rendered markdown are not buttons of ours, but open all the same.
  at("messages").addEventListener("click", ({ target }) => {
    if (target.matches(".words img.picture, .markdown img.picture")) view(target.src, target.alt);
  });
}
