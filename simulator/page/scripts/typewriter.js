// The typewriter: a card that is being written shows its text step by step, at the pace its
// config asks for; when the writing ends, all is there at once.

const FREQUENCY = 70;
const STEP = 1;

export class Typewriter {
  #texts = new Map();
  #pace = { every: FREQUENCY, step: STEP, fast: true };

  set card(card) {
    const config = card.config?.streaming_config ?? {};
    this.#pace = {
      every: Math.max(10, numberOf(config.print_frequency_ms) ?? FREQUENCY),
      step: Math.max(1, numberOf(config.print_step) ?? STEP),
      fast: config.print_strategy !== "delay",
    };
  }

  // Show `element`, whose source is now `content`, up to where the writing is. What goes on from
  // what was there is typed; anything else replaces it whole.
  reveal(name = "text", content, element) {
    const known = this.#texts.get(name);
    clearInterval(known?.timer);
    const whole = [...element.childNodes];
    const length = element.textContent.length;
    const goesOn = known ? content.startsWith(known.content) : true;
    const shown = !known ? 0 : goesOn ? (this.#pace.fast ? known.length : known.shown) : length;
    const text = { content, length, shown: Math.min(shown, length), timer: 0 };
    this.#texts.set(name, text);
    if (text.shown >= length) return;
    const draw = () => element.replaceChildren(...firstOf(whole, text.shown));
    draw();
    text.timer = setInterval(() => {
      text.shown = Math.min(length, text.shown + this.#pace.step);
      if (text.shown < length) return draw();
      clearInterval(text.timer);
      element.replaceChildren(...whole);
    }, this.#pace.every);
  }

  end() {
    for (const { timer } of this.#texts.values()) clearInterval(timer);
  }
}

// Copies of the nodes as far as the first `count` characters reach.
function firstOf(nodes, count) {
  const budget = { left: count };
  return nodes.map((node) => copy(node, budget)).filter(Boolean);
}

function copy(node, budget) {
  if (budget.left <= 0) return null;
  if (node.nodeType === Node.TEXT_NODE) {
    const words = node.data.slice(0, budget.left);
    budget.left -= node.data.length;
    return document.createTextNode(words);
  }
  const element = node.cloneNode(false);
  element.append(...[...node.childNodes].map((child) => copy(child, budget)).filter(Boolean));
  return element;
}

function numberOf(setting) {
  const found = Number(setting?.pc ?? setting?.default ?? setting);
  return Number.isFinite(found) && found > 0 ? found : null;
}
