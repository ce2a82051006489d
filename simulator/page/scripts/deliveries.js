// What became of the events that told the bot of our messages: sent, stored, refused, sent again.

import { make } from "./dom.js";
import { askIfThere } from "./platform.js";

const KEPT = 1000;
const ACKED = 200;
const UNKNOWN = { state: "waiting", words: "Not delivered to the bot yet" };

export class Deliveries extends EventTarget {
  #states = new Map();

  async catchUp() {
    const found = await askIfThere("/_sim/deliveries?limit=300", []);
    for (const delivery of found) {
      const ms = delivery.acked_at === null ? null : (delivery.acked_at - delivery.sent_at) * 1000;
      this.#note({ ...delivery, ms });
    }
    for (const messageId of this.#states.keys()) this.#tell(messageId);
  }

  hear(frame) {
    if (!frame.message_id || frame.type === "ping" || frame.type === "pong") return;
    if (frame.event_type && frame.event_type !== "im.message.receive_v1") return;
    this.#note(frame);
    this.#tell(frame.message_id);
  }

  // A mark that says what became of a message.
  tick(message) {
    const { state, words } = this.#states.get(message.message_id) ?? UNKNOWN;
    const tick = make("span", `tick ${state}`, { stored: "✓", waiting: "○", refused: "!" }[state]);
    tick.title = words;
    tick.setAttribute("role", "img");
    tick.setAttribute("aria-label", words);
    return tick;
  }

  #note({ message_id, attempt, ack_code, ms, error }) {
    if (!message_id) return;
    const known = this.#states.get(message_id);
    if (known?.state === "stored") return;
    const tries = attempt > 1 ? `, attempt ${attempt}` : "";
    this.#states.set(message_id, wordsFor({ ack_code, ms, error, tries }));
    if (this.#states.size > KEPT) this.#states.delete(this.#states.keys().next().value);
  }

  #tell = (messageId) => this.dispatchEvent(new CustomEvent("change", { detail: messageId }));
}

function wordsFor({ ack_code, ms, error, tries }) {
  const took = ms === null || ms === undefined ? "" : ` in ${Math.round(ms)} ms`;
  if (ack_code === ACKED) return { state: "stored", words: `The bot has acked it${took}${tries}` };
  if (error || ack_code) return { state: "refused", words: `Not acked: ${error ?? ack_code}${tries}` };
  return { state: "waiting", words: `On its way to the bot${tries}` };
}
