// Elements, made in one line. Whatever people or bots write goes in as text.

const SVG = "http://www.w3.org/2000/svg";

export const at = (id) => document.getElementById(id);

export function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export function button(className, label, pressed, ...children) {
  const element = make("button", className, ...children);
  element.type = "button";
  if (label) element.setAttribute("aria-label", label);
  if (label && children.length) element.title = label;
  element.addEventListener("click", pressed);
  return element;
}

export function icon(name) {
  const picture = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  picture.setAttribute("aria-hidden", "true");
  picture.append(use);
  return picture;
}

// A face is the first letter of a name on a colour that the name decides.
export function face(name, kind = "") {
  const letters = [...name];
  const hue = letters.reduce((sum, letter) => (sum * 33 + letter.codePointAt(0)) % 65521, 5381) % 7;
  const shown = { bot: "❀", group: icon("people") }[kind] ?? (letters[0] ?? "?").toUpperCase();
  const element = make("span", `face hue-${hue} ${kind}`, shown);
  element.setAttribute("aria-hidden", "true");
  return element;
}

export function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

export function day(seconds) {
  const date = new Date(seconds * 1000);
  const today = new Date();
  if (date.toDateString() === today.toDateString()) return "Today";
  return date.toLocaleDateString([], { month: "long", day: "numeric", weekday: "short" });
}
