// A list of what passed, newest first: as many rows as are of use, drawn once per picture.

import { make } from "./dom.js";

const KEPT = 120;

export class Rows {
  element = make("ol", "rows");
  #waiting = [];
  #byKey = new Map();

  // Put a row in, or in the place of the one with the same key.
  put(key, row) {
    this.#waiting.push([key, row]);
    if (this.#waiting.length === 1) requestAnimationFrame(() => this.#flush());
  }

  clear() {
    this.#byKey.clear();
    this.element.replaceChildren();
  }

  #flush() {
    const waiting = this.#waiting.splice(0).slice(-2 * KEPT);
    for (const [key, row] of waiting) {
      const known = this.#byKey.get(key);
      if (known?.isConnected) known.replaceWith(row);
      else this.element.prepend(row);
      this.#byKey.set(key, row);
    }
    while (this.element.children.length > KEPT) this.element.lastElementChild.remove();
    if (this.#byKey.size > 4 * KEPT) {
      for (const [key, row] of this.#byKey) if (!row.isConnected) this.#byKey.delete(key);
    }
  }
}

export function exactClock(seconds) {
  const date = new Date(seconds * 1000);
  const whole = date.toLocaleTimeString([], { hour12: false });
  return `${whole}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

export function duration(ms) {
  if (ms === null || ms === undefined) return "";
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
