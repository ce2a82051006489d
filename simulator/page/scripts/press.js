// Pressing something in a card: it calls the bot back, and what the bot answers is shown.

import { open } from "./links.js";
import { tell } from "./platform.js";
import { toast } from "./toasts.js";

// What the client shows, and what the developer wants to know about it.
const MEANS = {
  200340: "the app has not subscribed to card callbacks",
  200341: "the app did not answer within 3 seconds",
  200342: "no connection to the app",
  200343: "the app's name cannot be resolved",
  200671: "the app answered with an error",
  200672: "the app's answer is not what a callback's may be",
  200673: "the app's answer holds a card that cannot be shown",
  200830: "a card of the old kind cannot replace one of the new",
};

export class Press {
  #message;
  #world;
  #busy = false;

  constructor(message, world) {
    [this.#message, this.#world] = [message, world];
  }

  // Do what an element asks for: follow its link, call back, or both.
  async act(element, action, source = null) {
    const { links, value, calls } = asked(element);
    links.forEach(open);
    if (!calls || !confirmed(element)) return;
    const name = element.name ? { name: element.name } : {};
    await this.#call({ ...action, ...name, ...(value === undefined ? {} : { value }) }, source);
  }

  async #call(action, source) {
    if (this.#busy) return;
    this.#busy = true;
    source?.classList.add("busy");
    try {
      const body = { user: this.#world.me.name, message_id: this.#message.message_id, action: { timezone, ...action } };
      this.#show(await tell("/_sim/press", body));
    } catch (error) {
      toast("error", "Something went wrong", error.message);
    } finally {
      this.#busy = false;
      source?.classList.remove("busy");
    }
  }

  #show({ toast: given, error }) {
    if (error) toast("error", `Something went wrong, please try again later. code: ${error.code}`, MEANS[error.code] ?? error.msg);
    else if (given) toast(given.type ?? "info", given.content ?? Object.values(given.i18n ?? {})[0] ?? "");
  }
}

const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;

// A card of the second generation lists behaviours; one of the first has a value, and calls back
// unless it only has a link.
function asked(element) {
  if (element.behaviors) {
    const callback = element.behaviors.find((each) => each.type === "callback");
    const links = element.behaviors.filter((each) => each.type === "open_url").map((each) => each.pc_url || each.default_url);
    const submits = element.form_action_type === "submit";
    return { links, value: callback?.value, calls: Boolean(callback) || submits };
  }
  const link = element.multi_url?.pc_url || element.multi_url?.url || element.url;
  return { links: link ? [link] : [], value: element.value, calls: element.value !== undefined || !link };
}

function confirmed({ confirm }) {
  if (!confirm) return true;
  return window.confirm([confirm.title?.content, confirm.text?.content].filter(Boolean).join("\n\n"));
}
