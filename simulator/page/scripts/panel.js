// A collapsible panel. Once a reader has opened or closed it, it is theirs.

import { make } from "./dom.js";
import { drawText } from "./elements.js";

export function drawPanel(element, look, within) {
  const key = element.element_id ?? element.header?.title?.content ?? "panel";
  const title = drawText(element.header?.title ?? { tag: "plain_text", content: "Details" }, look, "panel-title");
  const summary = make("summary", "", title);
  const shown = make("details", "panel", summary, make("div", "panel-body", ...within(element.elements)));
  if (element.border?.color || element.border) shown.classList.add("bordered");
  shown.open = look.opened.get(key) ?? Boolean(element.expanded);
  summary.addEventListener("click", () => look.opened.set(key, !shown.open));
  return shown;
}
