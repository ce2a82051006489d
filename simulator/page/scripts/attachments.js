// Images and files that are about to be sent: picked, pasted or dropped.

import { at, button, icon, make } from "./dom.js";
import { ask } from "./platform.js";
import { complain } from "./toasts.js";

export class Attachments {
  #files = [];

  constructor(changed) {
    this.changed = changed;
    at("attach").addEventListener("click", () => at("files").click());
    at("files").addEventListener("change", () => { this.add(at("files").files); at("files").value = ""; });
    at("text").addEventListener("paste", (event) => {
      if (!event.clipboardData.files.length) return;
      event.preventDefault();
      this.add(event.clipboardData.files);
    });
    const chat = at("chat");
    chat.addEventListener("dragover", (event) => { event.preventDefault(); chat.classList.add("dropping"); });
    chat.addEventListener("dragleave", (event) => { if (event.target === chat || !chat.contains(event.relatedTarget)) chat.classList.remove("dropping"); });
    chat.addEventListener("drop", (event) => {
      event.preventDefault();
      chat.classList.remove("dropping");
      this.add(event.dataTransfer.files);
    });
  }

  get any() { return this.#files.length > 0; }

  add(files) {
    this.#files.push(...files);
    this.#draw();
    at("text").focus();
  }

  // Upload each and hand what the platform calls it to `send`, in order.
  async send(send) {
    while (this.#files.length) {
      const [file] = this.#files;
      const name = encodeURIComponent(file.name || "image.png");
      try {
        const stored = await ask(`/_sim/files?name=${name}`, { method: "POST", body: file });
        await send(stored.image_key ? { type: "image", image_key: stored.image_key }
          : { type: "file", file_key: stored.file_key, file_name: file.name });
      } catch (error) {
        complain(error);
        return false;
      }
      this.#files.shift();
      this.#draw();
    }
    return true;
  }

  #draw() {
    at("attached").hidden = !this.any;
    at("attached").replaceChildren(...this.#files.map((file) => this.#chip(file)));
    this.changed();
  }

  #chip(file) {
    const shown = file.type.startsWith("image/") ? thumbnail(file) : icon("file");
    const drop = button("quiet", `Do not send ${file.name}`, () => {
      this.#files = this.#files.filter((each) => each !== file);
      this.#draw();
      at("text").focus();
    }, icon("close"));
    return make("li", "attachment", shown, make("span", "name", file.name || "pasted image"), drop);
  }
}

function thumbnail(file) {
  const shown = make("img");
  shown.alt = "";
  shown.src = URL.createObjectURL(file);
  shown.addEventListener("load", () => URL.revokeObjectURL(shown.src), { once: true });
  return shown;
}
