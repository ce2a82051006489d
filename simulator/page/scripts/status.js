// Whether the simulator is there, and whether a bot is connected to it.

import { at } from "./dom.js";
import { ask } from "./platform.js";

const EVERY = 3000;

export class Status {
  constructor() {
    setInterval(() => { if (!document.hidden) this.look(); }, EVERY);
  }

  async look() {
    try {
      const { connections } = await ask("/_sim/health");
      const several = connections > 1 ? ` on ${connections} connections` : "";
      this.#say(connections ? `Bot online${several}` : "Bot offline", connections ? "online" : "offline");
    } catch {
      this.away();
    }
  }

  away() {
    this.#say("Simulator away, reconnecting", "away");
  }

  #say(words, state) {
    if (at("status-text").textContent !== words) at("status-text").textContent = words;
    document.body.dataset.bot = state;
  }
}
