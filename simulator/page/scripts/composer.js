// Where one writes: Enter sends, Shift+Enter breaks the line, Escape lets go of a quote.

import { Attachments } from "./attachments.js";
import { preview } from "./chats.js";
import { at } from "./dom.js";
import { Mentions } from "./mentions.js";
import { tell } from "./platform.js";

export class Composer {
  #world;
  #mentions;
  #attachments;
  #replyTo = null;
  #inThread = false;
  #drafts = new Map();
  #place = "";

  constructor(world) {
    this.#world = world;
    this.#mentions = new Mentions(world, () => this.#grow());
    this.#attachments = new Attachments(() => this.#grow());
    at("composer").addEventListener("submit", (event) => { event.preventDefault(); this.#send(); });
    at("unquote").addEventListener("click", () => this.quote(null));
    at("text").addEventListener("input", () => this.#grow());
    at("text").addEventListener("keydown", (event) => this.#key(event));
  }

  // Come to another chat; what was begun here waits until one is back.
  move() {
    const { chat, thread, me } = this.#world;
    this.#drafts.set(this.#place, at("text").value);
    this.#place = `${me.name} ${chat.chat_id} ${thread}`;
    this.#type(this.#drafts.get(this.#place) ?? "");
    this.quote(null, { focus: false });
    at("problem").hidden = true;
    at("mention").hidden = chat.kind !== "group";
    at("text").placeholder = thread ? "Reply in the thread" : `Message ${this.#world.titleOf(chat)}`;
  }

  quote(message, { focus = true, thread = false } = {}) {
    this.#replyTo = message;
    this.#inThread = thread;
    at("replying").hidden = !message;
    at("quoted").textContent = message ? `Reply ${thread ? "in a thread " : ""}to ${message.sender.name}: ${preview(message)}` : "";
    if (focus) at("text").focus();
  }

  escape() {
    if (!this.#replyTo) return false;
    this.quote(null);
    return true;
  }

  #key(event) {
    if (this.#mentions.key(event)) return;
    // While a Chinese or Japanese input method is composing, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  async #send() {
    const words = at("text").value;
    const parent = this.#replyTo;
    const place = this.#where(parent);
    if (!words.trim() && !this.#attachments.any) return;
    this.#type("");
    this.quote(null);
    try {
      const sent = await this.#attachments.send((file) => tell("/_sim/messages", { ...place, ...file }));
      if (sent && words.trim()) await tell("/_sim/messages", { ...place, text: words });
      else if (!sent) this.#type(words);
      at("problem").hidden = true;
    } catch (error) {
      this.#type(words);
      at("problem").textContent = `Not sent: ${error.message}`;
      at("problem").hidden = false;
    }
  }

  #where(parent) {
    const { me, chat, thread } = this.#world;
    const place = { user: me.name, chat: chat.chat_id };
    if (parent) return { ...place, reply_to: parent.message_id, ...(this.#inThread ? { thread: "new" } : {}) };
    return thread ? { ...place, thread } : place;
  }

  #type(words) {
    at("text").value = words;
    this.#mentions.close();
    this.#grow();
  }

  #grow() {
    const text = at("text");
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight}px`;
    at("composer").classList.toggle("ready", Boolean(text.value.trim()) || this.#attachments.any);
  }
}
