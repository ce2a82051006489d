// The messages of one chat, or of one thread in it, newest at the bottom.

import { at, day, make } from "./dom.js";
import { drawBody, drawMessage } from "./message.js";

const SHOWN = 200;
const TOGETHER = 180;
const NEAR_END = 60;

export class Conversation {
  #world;
  #deliveries;
  #actions;
  #items = new Map();
  #bodies = new Map();
  #atEnd = true;

  constructor(world, deliveries, actions) {
    [this.#world, this.#deliveries, this.#actions] = [world, deliveries, actions];
    const log = at("log");
    log.addEventListener("scroll", () => this.#look());
    log.addEventListener("keydown", (event) => this.#step(event));
    at("to-end").addEventListener("click", () => this.toEnd());
    new ResizeObserver(() => { if (this.#atEnd) this.toEnd(); }).observe(at("messages"));
    new ResizeObserver(() => { if (this.#atEnd) this.toEnd(); }).observe(log);
    deliveries.addEventListener("change", ({ detail }) => this.#redraw(detail));
  }

  draw() {
    this.#items.clear();
    at("messages").replaceChildren();
    this.#shown().slice(-SHOWN).forEach((message) => this.#append(message));
    at("empty").hidden = this.#items.size > 0;
    this.#atEnd = true;
    this.toEnd();
  }

  hear(message) {
    if (message.chat_id !== this.#world.chat.chat_id) return;
    if (this.#items.has(message.message_id)) this.#redraw(message.message_id);
    else if (this.#belongs(message)) this.#append(message);
    const start = message.thread_id ? this.#start(message.thread_id) : null;
    if (start) this.#redraw(start.message_id);
    at("empty").hidden = this.#items.size > 0;
  }

  toEnd() {
    const log = at("log");
    log.scrollTop = log.scrollHeight;
    this.#look();
  }

  show(messageId) {
    const item = this.#items.get(messageId);
    if (!item) return;
    item.scrollIntoView({ block: "center" });
    item.focus();
    item.classList.add("found");
    item.addEventListener("animationend", () => item.classList.remove("found"), { once: true });
  }

  #shown = () => this.#world.messages().filter((message) => this.#belongs(message));

  #belongs(message) {
    if (this.#world.thread) return message.thread_id === this.#world.thread;
    return !message.thread_id || this.#startsThread(message);
  }

  #start = (thread) => this.#world.messages().find((message) => message.thread_id === thread && this.#startsThread(message));

  #startsThread = (message) =>
    !message.root_id || this.#world.find(message.root_id)?.thread_id !== message.thread_id;

  #append(message) {
    const last = at("messages").lastElementChild;
    const before = last?.dataset.id ? this.#world.find(last.dataset.id) : null;
    const today = day(message.create_time);
    if (!before || day(before.create_time) !== today) at("messages").append(make("li", "day", today));
    const item = this.#make(message);
    item.classList.toggle("follows", Boolean(before) && together(before, message));
    at("messages").append(item);
    this.#items.set(message.message_id, item);
    if (this.#items.size > SHOWN) this.#dropOldest();
  }

  #redraw(messageId) {
    const old = this.#items.get(messageId);
    const message = this.#world.find(messageId);
    if (!old || !message) return;
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const item = this.#make(message);
    item.classList.toggle("follows", old.classList.contains("follows"));
    old.replaceWith(item);
    this.#items.set(messageId, item);
    if (focused && item.contains(focused)) focused.focus();
    else if (focused) item.focus();
  }

  #make(message) {
    const { thread } = this.#world;
    const replies = thread || !message.thread_id ? 0
      : this.#world.messages().filter((each) => each.thread_id === message.thread_id).length - 1;
    const tick = this.#world.isMine(message) ? this.#deliveries.tick(message) : null;
    return drawMessage(message, { world: this.#world, body: this.#body(message), actions: this.#actions, replies, tick });
  }

  // A body is kept as long as what it shows is the same, with what is typed into it.
  #body(message) {
    const { message_id: id, msg_type, content, html, card, streaming, card_html } = message;
    const quoted = this.#quoted(message);
    const looks = JSON.stringify([msg_type, content, html, card, streaming, card_html, quoted?.text, quoted?.deleted]);
    const kept = this.#bodies.get(id);
    if (kept?.looks === looks) return kept.body;
    const body = drawBody(message, this.#world, quoted, this.#actions);
    this.#bodies.set(id, { looks, body });
    if (this.#bodies.size > 2 * SHOWN) this.#bodies.delete(this.#bodies.keys().next().value);
    return body;
  }

  #quoted(message) {
    if (!message.parent_id || (this.#world.thread && message.parent_id === message.root_id)) return null;
    return this.#world.find(message.parent_id);
  }

  #dropOldest() {
    const [messageId, item] = this.#items.entries().next().value;
    item.remove();
    this.#items.delete(messageId);
  }

  #look() {
    const log = at("log");
    this.#atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
    at("to-end").hidden = this.#atEnd;
  }

  #step(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const item = event.target.closest(".message");
    if (!step || !item || event.target !== item) return;
    event.preventDefault();
    const items = [...this.#items.values()];
    items[items.indexOf(item) + step]?.focus();
  }
}

const together = (one, other) =>
  !one.deleted && one.sender.id === other.sender.id && !other.parent_id && other.create_time - one.create_time < TOGETHER;
