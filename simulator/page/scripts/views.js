// What is in front: on a phone the list, the chat or the wire; and what Escape closes.

import { at } from "./dom.js";

const PHONE = matchMedia("(max-width: 760px)");

export class Views {
  #world;
  #wire;

  constructor(world, wire, escapes) {
    [this.#world, this.#wire] = [world, wire];
    for (const tab of at("views").querySelectorAll("button")) tab.addEventListener("click", () => this.to(tab.dataset.to));
    at("back").addEventListener("click", () => this.#back());
    addEventListener("keydown", (event) => this.#key(event, escapes));
    this.to("chat");
  }

  to(view) {
    document.body.dataset.view = view;
    if (PHONE.matches) this.#wire.toggle(view === "wire", { focus: false });
    document.body.dataset.view = view;
    for (const tab of at("views").querySelectorAll("button")) {
      if (tab.dataset.to === view) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
    if (view === "chat" && !PHONE.matches) at("text").focus();
  }

  title() {
    const { chat, thread, users, bot } = this.#world;
    const title = this.#world.titleOf(chat);
    document.title = `${title} · ${bot.name} simulator`;
    document.body.dataset.thread = thread ? "yes" : "no";
    at("chat-title").textContent = thread ? "Thread" : title;
    const names = users.filter((user) => chat.members.includes(user.open_id)).map((user) => user.name);
    const about = chat.kind === "group" ? `${names.length + 1} members: ${[bot.name, ...names].join(", ")}` : "Bot";
    at("chat-about").textContent = thread ? `in ${title}` : about;
    at("empty-hint").textContent = chat.kind === "group" ? `Mention @${bot.name} to be answered.` : `Say hello to ${bot.name}.`;
  }

  #back() {
    if (this.#world.thread) this.#world.go(this.#world.chat);
    else this.to("list");
  }

  #key(event, escapes) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.altKey && step) return this.#next(event, step);
    if (event.key === "k" && (event.ctrlKey || event.metaKey)) return this.#find(event);
    if (event.key !== "Escape" || event.defaultPrevented || at("viewer").open) return undefined;
    if (escapes.some((each) => each.escape())) return undefined;
    if (this.#world.thread) this.#world.go(this.#world.chat);
    else if (this.#wire.open && at("wire").contains(document.activeElement)) this.#wire.toggle(false);
    else at("text").focus();
    return undefined;
  }

  #next(event, step) {
    event.preventDefault();
    const mine = this.#world.chatsOfMe();
    const here = mine.findIndex((chat) => chat.chat_id === this.#world.chat.chat_id);
    this.#world.go(mine.at((here + step) % mine.length));
    at("text").focus();
  }

  #find(event) {
    event.preventDefault();
    this.to(PHONE.matches ? "list" : "chat");
    at("find").focus();
  }
}
