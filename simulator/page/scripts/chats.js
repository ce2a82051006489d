// The list of chats: the newest first, with what was said last and what is unread.

import { at, clock, face, make } from "./dom.js";

export class Chats {
  #world;
  #opened;
  #looks = "";

  constructor(world, opened) {
    this.#world = world;
    this.#opened = opened;
    at("find").addEventListener("input", () => this.draw());
    at("user").addEventListener("change", () => world.be(at("user").value));
    at("chat-list").addEventListener("keydown", (event) => this.#step(event));
    for (const name of ["message", "said", "moved"]) world.addEventListener(name, () => this.draw());
  }

  draw() {
    this.#drawMe();
    const focused = document.activeElement?.dataset?.chat;
    const wanted = at("find").value.trim().toLowerCase();
    const found = this.#world.chatsOfMe().filter((chat) => this.#world.titleOf(chat).toLowerCase().includes(wanted));
    const rows = found.map((chat) => this.#row(chat));
    // A list that says the same is left alone: a row that is being clicked must not go away.
    const looks = rows.map((row) => row.outerHTML).join("");
    if (looks === this.#looks) return;
    this.#looks = looks;
    at("chat-list").replaceChildren(...rows);
    if (focused) at("chat-list").querySelector(`[data-chat="${CSS.escape(focused)}"]`)?.focus();
  }

  #drawMe() {
    const { users, me } = this.#world;
    if (at("user").options.length !== users.length) {
      at("user").replaceChildren(...users.map((user) => new Option(user.name, user.name)));
    }
    if (at("me-face").dataset.name !== me.name) {
      at("user").value = me.name;
      at("me-face").replaceWith(this.#face(me.name));
    }
  }

  #face(name) {
    const shown = Object.assign(face(name), { id: "me-face" });
    shown.dataset.name = name;
    return shown;
  }

  #row(chat) {
    const world = this.#world;
    const last = world.last(chat);
    const here = chat.chat_id === world.chat.chat_id;
    const unread = here && document.hasFocus() ? 0 : world.unread(chat);
    const title = world.titleOf(chat);
    const words = make("span", "words",
      make("span", "name", title, chat.kind === "p2p" ? make("span", "badge", "Bot") : null),
      make("span", "last", last ? this.#preview(chat, last) : "No messages yet"));
    const side = make("span", "side", make("time", "", last ? clock(last.create_time) : ""));
    if (unread) side.append(make("span", "unread", unread > 99 ? "99+" : String(unread)));
    const row = make("button", "chat-row", face(title, chat.kind === "p2p" ? "bot" : "group"), words, side);
    row.type = "button";
    row.dataset.chat = chat.chat_id;
    if (here) row.setAttribute("aria-current", "true");
    if (unread) row.setAttribute("aria-description", `${unread} unread`);
    row.addEventListener("click", () => this.#opened(chat));
    return make("li", "", row);
  }

  #preview(chat, message) {
    const words = preview(message);
    return chat.kind === "group" ? `${message.sender.name}: ${words}` : words;
  }

  #step(event) {
    const rows = [...at("chat-list").querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    rows[rows.indexOf(document.activeElement) + step]?.focus();
  }
}

const KINDS = {
  image: "[Image]", file: "[File]", audio: "[Voice]", media: "[Video]", sticker: "[Sticker]", post: "[Post]",
  interactive: "[Card]", share_chat: "[Group card]", share_user: "[Contact]", location: "[Location]",
  merge_forward: "[Chat history]",
};

const LONGEST = 120;

function words({ text, card }) {
  const line = (text ?? "").trim().replaceAll(/\s+/g, " ");
  return (card ? line.replaceAll(/[*`#>~]+/g, "").trim() : line).slice(0, LONGEST);
}

// One line that says what a message is; a card that is being written says so, as the client does.
export function preview(message) {
  if (message.deleted) return "Message recalled";
  const summary = message.card?.config?.summary?.content;
  if (message.streaming) return summary || "[Generating...]";
  const title = message.card?.header?.title?.content;
  return summary || title || words(message) || KINDS[message.msg_type] || `[${message.msg_type}]`;
}
