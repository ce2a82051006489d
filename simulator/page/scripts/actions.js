// What somebody does to a message: quote it, react to it, recall it, read it.

import { tell } from "./platform.js";
import { complain, toast } from "./toasts.js";
import { Typewriter } from "./typewriter.js";

const KEPT = 100;

// Off until asked for: a platform tells only those who subscribed, and this one cannot know.
export const readMarks = { on: false };

export class MessageActions {
  composer = null;
  conversation = null;
  #world;
  #writers = new Map();
  #told = new Map();

  constructor(world) {
    this.#world = world;
  }

  show = (messageId) => this.conversation.show(messageId);

  quote = (message) => this.composer.quote(message);

  openThread = (message) => {
    if (message.thread_id) this.#world.go(this.#world.chat, message.thread_id);
    else this.composer.quote(message, { thread: true });
  };

  react = (message, emoji) => {
    const remove = Boolean(message.reactions?.find((each) => each.emoji === emoji)?.by.includes(this.#world.me.name));
    return this.#do("react", message, { emoji, remove });
  };

  recall = (message) => this.#do("recall", message);

  redeliver = async (message) => {
    try {
      await tell("/_sim/redeliver", { message_id: message.message_id });
      toast("info", "Delivered again", "the same event_id, as the platform does even after a success");
    } catch (error) {
      complain(error);
    }
  };

  // Tell the bot what we have read of it, if we are asked to.
  read = () => {
    const { chat, me } = this.#world;
    const last = this.#world.messages().findLast((each) => each.sender.kind === "app" && !each.deleted);
    if (!readMarks.on || chat.kind !== "p2p" || !last || this.#told.get(me.name) === last.message_id) return;
    this.#told.set(me.name, last.message_id);
    this.#do("read", last);
  };

  typewriterOf = (message, card) => {
    const writer = this.#writers.get(message.message_id);
    if (!message.streaming) {
      writer?.end();
      this.#writers.delete(message.message_id);
      return null;
    }
    const own = writer ?? new Typewriter();
    own.card = card;
    this.#writers.set(message.message_id, own);
    if (this.#writers.size > KEPT) this.#writers.delete(this.#writers.keys().next().value);
    return own;
  };

  #do = async (deed, message, more = {}) => {
    try {
      await tell(`/_sim/${deed}`, { user: this.#world.me.name, message_id: message.message_id, ...more });
    } catch (error) {
      complain(error);
    }
  };
}
