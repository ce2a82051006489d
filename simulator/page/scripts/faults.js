// Switches for misbehaviour: each kind can be ordered once, a few times, or until it is off.

import { at, button, make } from "./dom.js";
import { askIfThere, remove, tell } from "./platform.js";
import { complain } from "./toasts.js";

const ROOMS = [["Model", /^model_/], ["Open API", /^(http_error|slow|hang|lost_answer|token_revoked|rate_limited|quota_spent|card_sequence)$/]];
const roomOf = (kind) => ROOMS.find(([, form]) => form.test(kind))?.[0] ?? "Long connection";

// These strike whatever is there at once, so that one blow is what is meant.
const AT_ONCE = new Set(["kill_socket", "freeze_socket", "close"]);

export class Faults {
  #kinds = [];
  #standing = [];
  #rows = new Map();

  constructor() {
    setInterval(() => { if (!document.hidden && !at("faults").hidden && document.body.dataset.wire === "open") this.read(); }, 1500);
  }

  async catchUp() {
    this.#kinds = await askIfThere("/_sim/faults/kinds", []);
    this.#drawAll();
    await this.read();
  }

  look = () => this.read();

  async read() {
    this.#standing = await askIfThere("/_sim/faults", []);
    const count = at("faults-count");
    count.hidden = this.#standing.length === 0;
    count.textContent = String(this.#standing.length);
    count.setAttribute("aria-label", `${this.#standing.length} standing`);
    for (const [kind, row] of this.#rows) mark(row, this.#standing.filter((each) => each.kind === kind));
  }

  #drawAll() {
    this.#rows.clear();
    const clear = button("plain", "", () => remove("/_sim/faults").then(() => this.read(), complain), "Switch all off");
    const rooms = Object.entries(Object.groupBy(this.#kinds, ({ kind }) => roomOf(kind)));
    at("faults").replaceChildren(
      ...(rooms.length ? [make("div", "bar", make("p", "hint", "Make the platform misbehave."), clear)] : [make("p", "nothing", "This simulator has no faults to offer.")]),
      ...rooms.map(([name, kinds]) => make("section", "room", make("h3", "", name), ...kinds.map((kind) => this.#row(kind)))));
  }

  #row({ kind, means, parameters }) {
    const inputs = Object.entries(parameters ?? {}).map(([name, value]) => field(name, value));
    const count = field("count", AT_ONCE.has(kind) ? 1 : "");
    count.input.placeholder = "always";
    const lasts = field("lasts", "");
    lasts.input.placeholder = "seconds";
    const toggle = button("switch", "", () => this.#flip(kind, [...inputs, count, lasts], toggle));
    toggle.setAttribute("role", "switch");
    toggle.setAttribute("aria-checked", "false");
    toggle.setAttribute("aria-label", kind);
    const more = make("details", "", make("summary", "", "Settings"), make("div", "settings", ...[...inputs, count, lasts].map(({ label }) => label)));
    const row = make("div", "fault", make("div", "head", make("code", "", kind), make("span", "state"), toggle), make("p", "", means ?? ""), more);
    this.#rows.set(kind, row);
    return row;
  }

  async #flip(kind, fields, toggle) {
    try {
      if (toggle.getAttribute("aria-checked") === "true") {
        const own = this.#standing.filter((each) => each.kind === kind);
        await Promise.all(own.map((each) => remove(`/_sim/faults/${each.fault_id}`)));
      } else {
        const given = fields.filter(({ value }) => value() !== "").map(({ name, value }) => [name, value()]);
        await tell("/_sim/faults", { kind, count: null, ...Object.fromEntries(given) });
      }
    } catch (error) {
      complain(error);
    }
    await this.read();
  }
}

function field(name, value) {
  const input = make("input");
  const isFlag = typeof value === "boolean";
  if (isFlag) Object.assign(input, { type: "checkbox", checked: value });
  else Object.assign(input, { value: String(value), inputMode: typeof value === "number" ? "numeric" : "text" });
  return { name, input, label: make("label", isFlag ? "check" : "", make("span", "", name), input), value: () => (isFlag ? input.checked : input.value.trim()) };
}

function mark(row, standing) {
  const on = standing.length > 0;
  row.querySelector("[role=switch]").setAttribute("aria-checked", String(on));
  row.classList.toggle("on", on);
  const [first] = standing;
  const left = first?.count ? `${first.count} left` : "";
  const time = first?.lasts ? `${Math.ceil(first.lasts)} s` : "";
  row.querySelector(".state").textContent = on ? [`hit ${first.taken ?? 0}×`, left, time].filter(Boolean).join(" · ") : "";
}
