// Notices that pass: a card's toast, a client error, something that was refused.

import { at, make } from "./dom.js";

const SHOWN = 4000;
const MOST = 4;

export function toast(kind, words, about = "") {
  const note = make("li", `toast ${kind}`, make("span", "words", words));
  if (about) note.append(make("span", "about", about));
  at("toasts").append(note);
  while (at("toasts").children.length > MOST) at("toasts").firstChild.remove();
  setTimeout(() => note.remove(), SHOWN);
}

export const complain = (error) => toast("error", error.message);
