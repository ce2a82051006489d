// A card: its header and its elements, of both generations.

import { button, make } from "./dom.js";
import { drawElements } from "./elements.js";
import { picture } from "./files.js";
import { open } from "./links.js";
import { Press } from "./press.js";

const COLOURS = new Set(["blue", "wathet", "turquoise", "green", "yellow", "orange", "red", "carmine", "violet", "purple",
  "indigo", "grey", "default"]);

// What a reader opened or closed in a card stays so when the card is revised.
const opened = new Map();
const KEPT = 300;

export function drawCard(message, world, actions) {
  const card = message.card ?? inline(message.content);
  if (!card) return make("div", "bubble", message.text || "[Card]");
  const press = new Press(message, world);
  const writer = actions.typewriterOf(message, card);
  const look = { message, world, card, press, writer, opened: openedOf(message.message_id), form: null, html: message.card_html ?? {} };
  const shown = make("article", "card", ...header(card, look), make("div", "card-body", ...drawElements(elementsOf(card), look)));
  shown.setAttribute("aria-label", card.header?.title?.content ?? "Card");
  if (message.streaming) shown.classList.add("streaming");
  if (message.streaming) shown.setAttribute("aria-busy", "true");
  linkWhole(shown, card);
  return shown;
}

function elementsOf(card) {
  const translated = Object.values(card.i18n_elements ?? {})[0];
  return card.body?.elements ?? card.elements ?? translated ?? [];
}

function header(card, look) {
  const given = card.header;
  if (!given) return [];
  const template = COLOURS.has(given.template) ? given.template : "default";
  const title = make("h3", "", given.title?.content ?? "");
  const words = make("div", "titles", title, given.subtitle?.content ? make("p", "", given.subtitle.content) : null);
  const tags = (given.text_tag_list ?? []).map((tag) => make("span", `pill ink-${tag.color ?? "neutral"}`, tag.text?.content ?? ""));
  const key = given.icon?.img_key;
  const line = make("header", `card-header template-${template}`, key ? picture(key, "Icon") : null, words, ...tags);
  if (look.message.streaming) line.append(make("span", "writing", "writing"));
  return [line];
}

function linkWhole(shown, card) {
  const link = card.card_link?.pc_url || card.card_link?.url;
  if (!link) return;
  shown.append(button("card-link", "", () => open(link), "Details"));
}

function openedOf(messageId) {
  if (!opened.has(messageId)) opened.set(messageId, new Map());
  if (opened.size > KEPT) opened.delete(opened.keys().next().value);
  return opened.get(messageId);
}

function inline(content) {
  try {
    const card = JSON.parse(content);
    return card && typeof card === "object" && (card.elements || card.body || card.header) ? card : null;
  } catch {
    return null;
  }
}
