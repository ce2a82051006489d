// Completion of @names in a group, as a listbox under the caret's control.

import { at, face, make } from "./dom.js";

const AT = /(?:^|[^A-Za-z0-9_.])@([\p{L}\p{N}_-]*)$/u;

export class Mentions {
  #world;
  #chosen = 0;

  constructor(world, typed) {
    this.#world = world;
    this.typed = typed;
    at("mention").addEventListener("click", () => this.#begin());
    at("text").addEventListener("input", () => this.look());
    at("text").addEventListener("blur", () => this.close());
  }

  get open() { return !at("mentions").hidden; }

  look() {
    const found = this.#world.chat?.kind === "group" ? this.#found() : [];
    at("mentions").hidden = found.length === 0;
    at("text").setAttribute("aria-expanded", String(found.length > 0));
    this.#chosen = 0;
    at("mentions").replaceChildren(...found.map((person, index) => this.#option(person, index)));
    this.#mark();
  }

  // Take a key if it is one of the list's, and tell whether it was.
  key(event) {
    if (!this.open) return false;
    const options = [...at("mentions").children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#chosen = (this.#chosen + step + options.length) % options.length;
    else if (event.key === "Enter" || event.key === "Tab") options[this.#chosen].dispatchEvent(new Event("pick"));
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    this.#mark();
    return true;
  }

  close() {
    at("mentions").hidden = true;
    at("text").setAttribute("aria-expanded", "false");
    at("text").removeAttribute("aria-activedescendant");
  }

  #begun = () => at("text").value.slice(0, at("text").selectionStart).match(AT);

  #found() {
    const begun = this.#begun();
    if (!begun) return [];
    const { bot, users, chat, me } = this.#world;
    const people = users.filter((user) => chat.members.includes(user.open_id) && user !== me);
    const all = [{ name: bot.name, kind: "bot" }, ...people, { name: "all", kind: "group" }];
    return all.filter(({ name }) => name.toLowerCase().startsWith(begun[1].toLowerCase()));
  }

  #option({ name, kind }, index) {
    const option = make("li", "", face(name, kind), name === "all" ? "all (everyone)" : name);
    option.id = `mention-${index}`;
    option.setAttribute("role", "option");
    const pick = () => this.#pick(name);
    option.addEventListener("pick", pick);
    option.addEventListener("mousedown", (event) => { event.preventDefault(); pick(); });
    return option;
  }

  #mark() {
    [...at("mentions").children].forEach((option, index) => option.setAttribute("aria-selected", String(index === this.#chosen)));
    if (this.open) at("text").setAttribute("aria-activedescendant", `mention-${this.#chosen}`);
  }

  #pick(name) {
    const text = at("text");
    const begun = this.#begun();
    const start = text.selectionStart - begun[1].length;
    text.setRangeText(`${name} `, start, text.selectionStart, "end");
    this.close();
    this.typed();
  }

  #begin() {
    const text = at("text");
    text.focus();
    const before = text.value.slice(0, text.selectionStart);
    text.setRangeText(before && !/\s$/.test(before) ? " @" : "@", text.selectionStart, text.selectionEnd, "end");
    this.typed();
    this.look();
  }
}
