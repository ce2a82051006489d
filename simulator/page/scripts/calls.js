// What the bot asked of the Open API, with codes, and how near it is to the limits.

import { at, make } from "./dom.js";
import { askIfThere } from "./platform.js";
import { Rows, duration, exactClock } from "./rows.js";

const ID = /\/(?=[^/]*\d)[A-Za-z0-9_=-]{12,}(?=\/|$)/g;
const WORDS = { group: "this group", user: "this user", message: "this message", card: "this card" };

export class Calls {
  #rows = new Rows();
  #limits = make("table", "limits");
  #narrow = make("p", "numbers");
  #numbers = 0;

  constructor() {
    at("calls").append(make("div", "bar", this.#narrow), this.#limits, this.#rows.element, make("p", "nothing", "The bot has not called the Open API yet."));
    setInterval(() => this.look(), 1000);
  }

  async catchUp() {
    const calls = await askIfThere("/_sim/calls?limit=100", []);
    this.#rows.clear();
    calls.forEach((call) => this.#draw(call));
    await this.look();
  }

  hear(call) {
    this.#draw(call);
  }

  #draw(call) {
    this.#numbers += 1;
    this.#rows.put(this.#numbers, drawn(call));
  }

  async look() {
    if (document.hidden || at("calls").hidden || document.body.dataset.wire !== "open") return;
    const [stats, limits] = await Promise.all([askIfThere("/_sim/stats", {}), askIfThere("/_sim/limits", { windows: [] })]);
    const names = Object.keys(stats.calls ?? {}).sort();
    const head = make("tr", "", ...["API", "1 s", "60 s", "Codes"].map((name) => make("th", "", name)));
    const windows = Object.fromEntries(limits.windows.map((each) => [each.name, each]));
    this.#limits.replaceChildren(make("thead", "", head), make("tbody", "", ...names.map((name) => line(name, stats.calls[name], windows))));
    this.#limits.hidden = names.length === 0;
    this.#narrow.replaceChildren(...narrowest(limits));
  }
}

function line(name, counts, windows) {
  const used = (each) => each?.used.find(({ key }) => key.endsWith(` ${name}`))?.used ?? 0;
  const codes = Object.entries(counts).map(([code, count]) =>
    make("span", code === "0" || code === "None" ? "pill ink-green" : "pill ink-red", count > 1 ? `${code} ×${count}` : code));
  const [method, path] = name.split(" ");
  const cell = make("td", "", make("b", "", method), ` ${path.replace("/open-apis/", "").replaceAll(/\{[^}]*\}/g, "…")}`);
  cell.title = name;
  const gauges = ["api_second", "api_minute"].map((window) => gauge(used(windows[window]), windows[window]?.limit ?? 0));
  return make("tr", "", cell, ...gauges, make("td", "codes", ...codes));
}

// The limits that are not an API's: a chat's, a user's, a message's, a card's, the month's.
function narrowest({ windows, quota, enforced }) {
  const busy = windows.filter(({ name, used }) => name in WORDS && used.length).map(({ name, limit, seconds, used }) =>
    make("span", "", make("b", "", `${Math.max(...used.map((each) => each.used))}/${limit}`), ` in ${seconds} s to ${WORDS[name]}`));
  const month = quota ? [make("span", "", make("b", "", quota.limit ? `${quota.used}/${quota.limit}` : String(quota.used)), " this month")] : [];
  return enforced === false ? [make("span", "", "Limits are off"), ...month] : [...month, ...busy];
}

function gauge(count, limit) {
  const shown = make("meter");
  Object.assign(shown, { min: 0, max: limit, value: count, high: limit * 0.8, low: limit * 0.5, optimum: 0 });
  const cell = make("td", "gauge", `${count}/${limit}`, shown);
  shown.setAttribute("aria-label", `${count} of ${limit}`);
  return cell;
}

function drawn(call) {
  const good = call.code === 0 || (call.code === null && call.http_status < 400);
  const row = make("li", "frame call", make("span", "arrow in", "↑"),
    make("span", "what", make("b", "", call.method), ` ${call.path.replace("/open-apis/", "").replaceAll(ID, "/…")}`),
    make("span", good ? "ack good" : "ack bad", String(call.code ?? call.http_status), make("small", "", duration(call.ms))),
    make("span", "meta", call.at ? `${exactClock(call.at)} · ` : "", `HTTP ${call.http_status}`, call.fault ? ` · fault: ${call.fault}` : ""));
  row.title = `${call.method} ${call.path}`;
  return row;
}
