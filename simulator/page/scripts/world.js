// Who there is, who we are, where we are, and what was said.

import { ask } from "./platform.js";

const KEPT = 300;
const SEEN = "larkspur.seen";

export class World extends EventTarget {
  bot = null;
  users = [];
  chats = [];
  me = null;
  chat = null;
  thread = null;
  #said = new Map();
  #since = [];
  #seen = JSON.parse(localStorage.getItem(SEEN) ?? "{}");

  async load() {
    const { bot, users, chats } = await ask("/_sim/world");
    Object.assign(this, { bot, users, chats });
    this.me = users.find((user) => user.name === this.me?.name) ?? users[0];
    this.chat = chats.find((chat) => chat.chat_id === this.chat?.chat_id) ?? this.chatsOfMe()[0];
  }

  // All that is kept, read anew: what a lost feed did not tell is in here.
  async catchUp() {
    this.#since = [];
    const found = await ask("/_sim/messages?drawn=1&limit=1000");
    const quiet = this.chats.filter((chat) => !found.some((message) => message.chat_id === chat.chat_id));
    const older = await Promise.all(quiet.map((chat) => ask(`/_sim/messages?drawn=1&limit=${KEPT}&chat=${chat.chat_id}`)));
    this.#said.clear();
    // What the feed told while the answers were on their way is newer than they are.
    [...older.flat(), ...found, ...this.#since].forEach((message) => this.#keep(message));
    this.dispatchEvent(new Event("said"));
  }

  chatsOfMe() {
    const mine = this.chats.filter((chat) => chat.members.includes(this.me.open_id));
    return mine.sort((one, other) => this.#lastAt(other) - this.#lastAt(one));
  }

  titleOf = (chat) => (chat.kind === "p2p" ? this.bot.name : chat.name);

  isMine = (message) => message.sender.kind === "user" && message.sender.name === this.me.name;

  messages(chat = this.chat) {
    return [...(this.#said.get(chat.chat_id)?.values() ?? [])];
  }

  find(messageId, chatId = this.chat.chat_id) {
    return this.#said.get(chatId)?.get(messageId);
  }

  last = (chat) => this.messages(chat).at(-1);

  unread(chat) {
    const seen = this.#seen[this.#key(chat)] ?? 0;
    return this.messages(chat).filter((each) => each.create_time > seen && !this.isMine(each)).length;
  }

  nameOf(id) {
    if (id === "all" || id === "@_all") return "everyone";
    if (id === this.bot.open_id) return this.bot.name;
    const found = this.users.find((user) => [user.open_id, user.user_id, user.union_id, user.email].includes(id));
    return found?.name ?? id;
  }

  hear(message) {
    this.#since.push(message);
    if (this.#since.length > KEPT) this.#since.shift();
    this.#keep(message);
    this.dispatchEvent(new CustomEvent("message", { detail: message }));
  }

  read() {
    const last = this.last(this.chat);
    if (!last) return;
    this.#seen[this.#key(this.chat)] = last.create_time;
    localStorage.setItem(SEEN, JSON.stringify(this.#seen));
  }

  be(name) {
    this.me = this.users.find((user) => user.name === name);
    const mine = this.chatsOfMe();
    const stay = mine.find((chat) => chat.chat_id === this.chat.chat_id);
    this.go(stay ?? mine.find((chat) => chat.kind === "p2p") ?? mine[0]);
  }

  go(chat, thread = null) {
    this.chat = chat;
    this.thread = thread;
    this.dispatchEvent(new Event("moved"));
  }

  #keep(message) {
    if (!this.#said.has(message.chat_id)) this.#said.set(message.chat_id, new Map());
    const said = this.#said.get(message.chat_id);
    said.set(message.message_id, message);
    // A reply in a new thread puts what it answers there too, which nobody tells apart.
    const parent = said.get(message.parent_id);
    if (parent && message.thread_id) parent.thread_id ??= message.thread_id;
    if (said.size > KEPT) said.delete(said.keys().next().value);
  }

  #key = (chat) => `${this.me.name} ${chat.chat_id}`;

  #lastAt = (chat) => this.last(chat)?.create_time ?? 0;
}
