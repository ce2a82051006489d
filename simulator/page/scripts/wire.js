// The side panel: four views of what passes between the platform and the bot.

import { Calls } from "./calls.js";
import { at } from "./dom.js";
import { Events } from "./events.js";
import { Faults } from "./faults.js";
import { Frames } from "./frames.js";

const NAMES = ["frames", "calls", "faults", "events"];
const OPEN = "larkspur.wire";

export class Wire {
  #tabs = NAMES.map((name) => at(`tab-${name}`));
  #rooms;

  constructor(world) {
    this.#rooms = { frames: new Frames(), calls: new Calls(), faults: new Faults(), events: new Events(world) };
    for (const tab of this.#tabs) tab.addEventListener("click", () => this.show(tab));
    at("tab-frames").parentElement.addEventListener("keydown", (event) => this.#step(event));
    at("wire-toggle").addEventListener("click", () => this.toggle(!this.open));
    at("wire-close").addEventListener("click", () => this.toggle(false));
    this.toggle(localStorage.getItem(OPEN) === "open" && innerWidth > 1100, { focus: false });
  }

  get open() { return document.body.dataset.wire === "open"; }

  hear(name, detail) {
    if (name === "frame") this.#rooms.frames.hear(detail);
    else if (name === "call") this.#rooms.calls.hear(detail);
    else if (name === "fault") this.#rooms.faults.read();
  }

  async catchUp() {
    await Promise.all(Object.values(this.#rooms).map((room) => room.catchUp()));
  }

  toggle(open, { focus = true } = {}) {
    const had = at("wire").contains(document.activeElement);
    document.body.dataset.wire = open ? "open" : "closed";
    at("wire-toggle").setAttribute("aria-expanded", String(open));
    localStorage.setItem(OPEN, document.body.dataset.wire);
    if (!open && document.body.dataset.view === "wire") document.body.dataset.view = "chat";
    if (focus && open) this.#tabs.find((tab) => tab.getAttribute("aria-selected") === "true").focus();
    else if (focus && had) at("wire-toggle").focus();
  }

  show(chosen) {
    for (const tab of this.#tabs) {
      const here = tab === chosen;
      tab.setAttribute("aria-selected", String(here));
      tab.tabIndex = here ? 0 : -1;
      at(tab.getAttribute("aria-controls")).hidden = !here;
    }
    this.#rooms[chosen.getAttribute("aria-controls")].look?.();
  }

  #step(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = this.#tabs.at((this.#tabs.indexOf(document.activeElement) + step) % this.#tabs.length);
    next.focus();
    this.show(next);
  }
}
