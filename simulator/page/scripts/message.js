// One message: who, when, and its body by kind.

import { drawCard } from "./card.js";
import { button, clock, face, icon, make } from "./dom.js";
import { fileChip, player, picture } from "./files.js";
import { nameMentions, setHtml } from "./html.js";
import { preview } from "./chats.js";
import { drawReactions } from "./reactions.js";

export function drawMessage(message, { world, body, actions, replies, tick }) {
  const { sender } = message;
  const item = make("li", "message");
  item.dataset.id = message.message_id;
  item.tabIndex = -1;
  if (message.deleted) {
    item.classList.add("recalled");
    item.append(`${sender.name} recalled a message`, replies ? threadLink(replies, message, actions) : "");
    return item;
  }
  const time = make("time", "", clock(message.create_time));
  const bot = sender.kind === "app";
  item.classList.toggle("mine", world.isMine(message));
  item.setAttribute("aria-label", `${sender.name}, ${clock(message.create_time)}: ${preview(message)}`);
  const about = make("div", "about", make("strong", "", sender.name), bot ? make("span", "badge", "Bot") : null, time);
  const below = make("div", "below", drawReactions(message, world, actions.react), replies ? threadLink(replies, message, actions) : null,
    message.edited ? make("span", "edited", "edited") : null, tick);
  item.append(face(sender.name, bot ? "bot" : ""), make("div", "stack", about, body, below));
  return item;
}

function threadLink(count, message, actions) {
  const words = count === 1 ? "1 reply" : `${count} replies`;
  return button("thread-link", "", () => actions.openThread(message), icon("thread"), words);
}

// The body alone, so that a reaction to a message does not disturb what is typed into its card.
export function drawBody(message, world, quoted, actions) {
  const content = parsed(message.content);
  const kinds = {
    interactive: () => drawCard(message, world, actions),
    image: () => make("div", "bubble bare", picture(content.image_key)),
    sticker: () => make("div", "bubble bare sticker", picture(content.file_key)),
    file: () => fileChip(content.file_key, content.file_name),
    audio: () => make("div", "bubble", player("audio", content.file_key)),
    media: () => make("div", "bubble bare", player("video", content.file_key)),
    location: () => aside("Location", content.name, `${content.latitude}, ${content.longitude}`),
    share_chat: () => aside("Group", world.chats.find((chat) => chat.chat_id === content.chat_id)?.name ?? content.chat_id),
    share_user: () => aside("Contact", world.nameOf(content.user_id)),
    merge_forward: () => aside("Chat history", message.text || "Forwarded messages"),
  };
  const body = kinds[message.msg_type]?.() ?? make("div", "bubble", words(message, world));
  return quoted ? make("div", "quoting", quote(quoted, actions), body) : body;
}

function words(message, world) {
  const element = make("div", "words");
  if (message.html === null || message.html === undefined) {
    element.classList.add("as-is");
    element.textContent = message.text;
    return element;
  }
  return nameMentions(setHtml(element, message.html), world);
}

function quote(message, actions) {
  return button("quote", "", () => actions.show(message.message_id),
    make("span", "", `${message.sender.name}: ${preview(message)}`));
}

function aside(kind, name, about = "") {
  return make("div", "bubble aside", make("small", "", kind), make("strong", "", name ?? ""), make("span", "", about));
}

function parsed(content) {
  try {
    return JSON.parse(content) ?? {};
  } catch {
    return {};
  }
}
