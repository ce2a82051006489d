// Any event of the platform, fired by name.

import { readMarks } from "./actions.js";
import { at, button, make } from "./dom.js";
import { askIfThere, tell } from "./platform.js";
import { complain, toast } from "./toasts.js";

export class Events {
  #world;

  constructor(world) {
    this.#world = world;
  }

  async catchUp() {
    const found = await askIfThere("/_sim/events", []);
    const kinds = Array.isArray(found) ? found : Object.entries(found).map(([kind, parameters]) => ({ kind, parameters }));
    at("events").replaceChildren(
      make("div", "bar", make("p", "hint", kinds.length ? "Fire an event as the platform would." : "This simulator lists no events to fire."), reads()),
      ...kinds.map((kind) => this.#row(kind)));
  }

  #row({ kind, means, parameters }) {
    const fields = entriesOf(parameters).map(([name, value]) => {
      const input = make("input");
      input.placeholder = value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
      return { name, input, label: make("label", "", make("span", "", name), input) };
    });
    const fire = button("plain", `Fire ${kind}`, () => this.#fire(kind, fields), "Fire");
    const head = make("div", "head", make("code", "", kind), fire);
    const more = fields.length ? make("details", "", make("summary", "", "Parameters"), make("div", "settings", ...fields.map(({ label }) => label))) : null;
    return make("div", "fault", head, means ? make("p", "", means) : null, more);
  }

  async #fire(kind, fields) {
    const given = fields.filter(({ input }) => input.value.trim()).map(({ name, input }) => [name, read(input.value)]);
    const names = new Set(fields.map(({ name }) => name));
    const here = { user: this.#world.me.name, chat: this.#world.chat.chat_id, message_id: this.#world.last(this.#world.chat)?.message_id };
    const default_ = Object.fromEntries(Object.entries(here).filter(([name, value]) => names.has(name) && value));
    try {
      const { event_id } = await tell(`/_sim/events/${encodeURIComponent(kind)}`, { ...default_, ...Object.fromEntries(given) });
      toast("success", `${kind} fired`, event_id);
    } catch (error) {
      complain(error);
    }
  }
}

function reads() {
  const box = Object.assign(make("input"), { type: "checkbox", checked: readMarks.on });
  box.addEventListener("change", () => { readMarks.on = box.checked; });
  return make("label", "check", box, "send read marks");
}

function entriesOf(parameters) {
  if (Array.isArray(parameters)) return parameters.map((each) => (typeof each === "string" ? [each, ""] : [each.name, each.default ?? each.means ?? ""]));
  return Object.entries(parameters ?? {});
}

function read(words) {
  try {
    return JSON.parse(words);
  } catch {
    return words;
  }
}
