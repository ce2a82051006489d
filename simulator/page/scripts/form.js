// A form in a card: its fields' values, until its submit button sends them all at once.

import { make } from "./dom.js";
import { toast } from "./toasts.js";

class Form {
  #values = {};
  #fields = [];

  begin(element, value, show) {
    if (!element.name) return;
    this.#fields.push({ element, value, show });
    this.#values[element.name] = value;
  }

  set(name, value) {
    this.#values[name] = value;
  }

  values() {
    return { ...this.#values };
  }

  reset() {
    for (const { element, value, show } of this.#fields) {
      this.#values[element.name] = value;
      show(value);
    }
  }

  complete() {
    const missing = this.#fields.filter(({ element }) => element.required && isEmpty(this.#values[element.name]));
    if (missing.length) toast("warning", `Fill in: ${missing.map(({ element }) => wordsOf(element)).join(", ")}`);
    return missing.length === 0;
  }
}

export function drawForm(element, look, within) {
  const shown = make("div", "form", ...within(element.elements, { ...look, form: new Form() }));
  shown.setAttribute("role", "form");
  shown.setAttribute("aria-label", element.name ?? "Form");
  return shown;
}

const isEmpty = (value) => value === "" || value === undefined || (Array.isArray(value) && value.length === 0);

const wordsOf = (element) => element.label?.content ?? element.placeholder?.content ?? element.name;
