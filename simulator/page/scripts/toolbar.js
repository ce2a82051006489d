// What can be done with a message: one toolbar, which goes to whichever is pointed at or focused.

import { button, icon, make } from "./dom.js";
import { palette } from "./reactions.js";

const OVERLAP = 36;
const MARGIN = 8;
const RISE = 12;

export class Toolbar {
  #bar = make("div", "toolbar");
  #message = null;
  #palette = null;

  constructor(log, find, world, actions) {
    this.#bar.setAttribute("role", "toolbar");
    this.#bar.setAttribute("aria-label", "Message actions");
    this.world = world;
    this.actions = actions;
    const come = ({ target }) => {
      const item = target.closest?.(".message");
      if (item) this.#goTo(item, find(item.dataset.id));
    };
    log.addEventListener("pointerover", come);
    log.addEventListener("focusin", come);
    this.#bar.addEventListener("focusout", ({ relatedTarget }) => { if (!this.#bar.contains(relatedTarget)) this.#closePalette(); });
    log.addEventListener("pointerleave", () => { if (!this.#bar.contains(document.activeElement)) this.leave(); });
  }

  leave() {
    this.#closePalette();
    this.#bar.remove();
    this.#message = null;
  }

  // Close what is open and tell whether anything was.
  escape() {
    if (!this.#palette) return false;
    this.#closePalette();
    this.#bar.querySelector("button")?.focus();
    return true;
  }

  #goTo(item, message) {
    if (!message || message.deleted || this.#bar.parentElement === item) return;
    if (this.#palette && this.#message === message) return;
    this.#closePalette();
    this.#message = message;
    const { actions, world } = this;
    const mine = world.isMine(message);
    this.#bar.replaceChildren(
      button("", "React", () => this.#openPalette(), icon("smile")),
      button("", "Reply", () => actions.quote(message), icon("reply")),
      button("", "Reply in thread", () => actions.openThread(message), icon("thread")),
    );
    if (mine) {
      this.#bar.append(
        button("", "Deliver again", () => actions.redeliver(message), icon("again")),
        button("", "Recall", () => actions.recall(message), icon("recall")),
      );
    }
    item.append(this.#bar);
    this.#place(item);
  }

  // At the message's upper corner, inside what can be seen of the log.
  #place(item) {
    const log = item.closest("#log").getBoundingClientRect();
    const all = item.getBoundingClientRect();
    const stack = item.querySelector(".stack").getBoundingClientRect();
    const wide = this.#bar.offsetWidth;
    const wanted = item.classList.contains("mine") ? stack.left - wide + OVERLAP : stack.right - OVERLAP;
    const left = Math.max(log.left + MARGIN, Math.min(wanted, log.right - wide - 2 * MARGIN));
    this.#bar.style.left = `${left - all.left}px`;
    this.#bar.style.top = `${Math.max(-RISE, log.top + MARGIN - all.top)}px`;
  }

  #openPalette() {
    if (this.#palette) return this.#closePalette();
    this.#palette = palette(this.#message, this.actions.react, () => this.#closePalette());
    this.#bar.append(this.#palette);
    this.#fit(this.#palette);
    this.#palette.querySelector("button").focus({ preventScroll: true });
  }

  // Below the bar and to its right, as far as the log reaches; else above, or further left.
  #fit(palette) {
    const log = this.#bar.closest("#log").getBoundingClientRect();
    const bar = this.#bar.getBoundingClientRect();
    const { width, height } = palette.getBoundingClientRect();
    palette.style.left = `${Math.min(0, log.right - MARGIN - width - bar.left)}px`;
    palette.style.top = bar.bottom + height < log.bottom ? "36px" : `${-height - 4}px`;
  }

  #closePalette() {
    // Forgotten first: its removal takes the focus out of it, which leads here again.
    const palette = this.#palette;
    this.#palette = null;
    palette?.remove();
  }
}
