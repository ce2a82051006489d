// Reactions: shown under a message, added from a small palette.

import { button, make } from "./dom.js";

const EMOJI = {
  THUMBSUP: "👍", OK: "👌", DONE: "✅", HEART: "❤️", SMILE: "🙂", LAUGH: "😄", LOL: "😂", THINKING: "🤔",
  APPLAUSE: "👏", THANKS: "🙏", JIAYI: "➕", PARTY: "🎉", Fire: "🔥", WOW: "😮", CRY: "😢", SHOCKED: "😱",
};

export function drawReactions(message, world, react) {
  if (!message.reactions?.length) return null;
  const row = make("div", "reactions");
  for (const { emoji, shown, by } of message.reactions) {
    const mine = by.includes(world.me.name);
    const chip = button(mine ? "reaction own" : "reaction", `${emoji} by ${by.join(", ")}`, () => react(message, emoji),
      make("span", "emoji", shown ?? emoji), make("span", "names", by.join(", ")));
    chip.setAttribute("aria-pressed", String(mine));
    row.append(chip);
  }
  return row;
}

export function palette(message, react, close) {
  const menu = make("div", "palette", ...Object.entries(EMOJI).map(([name, picture]) =>
    button("emoji", name, () => { close(); react(message, name); }, picture)));
  menu.setAttribute("role", "group");
  menu.setAttribute("aria-label", "React with");
  return menu;
}
