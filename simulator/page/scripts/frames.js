// Each frame with its ack, how long that took, and how often it had to be sent.

import { at, make } from "./dom.js";
import { askIfThere } from "./platform.js";
import { Rows, duration, exactClock } from "./rows.js";

const CONTROL = new Set(["ping", "pong"]);
const ACKED = 200;

export class Frames {
  #rows = new Rows();
  #sent = new Map();
  #about = make("p", "numbers");
  #controls = 0;

  constructor() {
    const shows = Object.assign(make("input"), { type: "checkbox" });
    shows.addEventListener("change", () => at("frames").classList.toggle("with-control", shows.checked));
    at("frames").append(make("div", "bar", this.#about, make("label", "check", shows, "pings")), this.#rows.element,
      make("p", "nothing", "No frame has passed yet. Say something."));
    setInterval(() => this.#count(), 2000);
  }

  async catchUp() {
    const found = await askIfThere("/_sim/deliveries?limit=100", []);
    this.#rows.clear();
    this.#sent.clear();
    for (const each of found) {
      const ms = each.acked_at === null ? null : (each.acked_at - each.sent_at) * 1000;
      const answered = each.acked_at !== null || each.error !== null;
      this.#draw({ ...each, type: "event", at: each.sent_at, ms }, answered);
    }
    await this.#count();
  }

  hear(frame) {
    if (CONTROL.has(frame.type)) {
      this.#controls += 1;
      this.#rows.put(`control ${this.#controls}`, control(frame));
      return;
    }
    const key = keyOf(frame);
    if (frame.direction === "out") {
      this.#sent.set(key, frame);
      if (this.#sent.size > 500) this.#sent.delete(this.#sent.keys().next().value);
      this.#draw(frame, false);
    } else {
      const sent = this.#sent.get(key);
      this.#draw({ ...frame, type: sent?.type ?? frame.type, at: sent?.at ?? frame.at, silence: frame.type === "silence" }, true);
    }
  }

  #draw(frame, answered) {
    this.#rows.put(keyOf(frame), drawn(frame, answered));
  }

  async #count() {
    if (document.hidden) return;
    const stats = await askIfThere("/_sim/stats", null);
    if (!stats) return;
    const { pushed, acked, failed, redelivered } = stats;
    this.#about.replaceChildren(...[["pushed", pushed], ["acked", acked], ["failed", failed], ["again", redelivered]].map(([name, count]) =>
      make("span", count && name === "failed" ? "bad" : "", make("b", "", String(count ?? 0)), ` ${name}`)));
  }
}

const keyOf = ({ event_id, attempt }) => `${event_id} ${attempt}`;

function drawn(frame, answered) {
  const again = frame.attempt > 1;
  const row = make("li", `frame ${again ? "again" : ""}`,
    make("span", "arrow out", "↓"),
    make("span", "what", frame.event_type || (frame.message_id ? "im.message.receive_v1" : "event"),
      again ? make("span", "pill ink-orange", `attempt ${frame.attempt}`) : null,
      frame.type === "card" ? make("span", "pill ink-purple", "card frame") : null,
      frame.type === "webhook" ? make("span", "pill ink-blue", "webhook") : null),
    answer(frame, answered),
    make("span", "meta", exactClock(frame.at), ` · ${frame.connection ?? "no connection"}`, frame.error ? ` · ${frame.error}` : ""));
  row.title = `event_id ${frame.event_id}${frame.message_id ? `\nmessage_id ${frame.message_id}` : ""}`;
  return row;
}

function answer(frame, answered) {
  if (frame.ack_code === ACKED) return make("span", "ack good", "200", make("small", "", duration(frame.ms)));
  if (frame.ack_code) return make("span", "ack bad", String(frame.ack_code), make("small", "", duration(frame.ms)));
  if (frame.error || frame.silence) return make("span", "ack bad", "no ack");
  return make("span", answered ? "ack bad" : "ack waiting", answered ? "no ack" : "…");
}

function control(frame) {
  return make("li", "frame control", make("span", `arrow ${frame.direction}`, frame.direction === "out" ? "↓" : "↑"),
    make("span", "what", frame.type), make("span", "meta", exactClock(frame.at), ` · ${frame.connection ?? ""}`));
}
