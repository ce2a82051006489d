// What a card shows: texts, rules, images, columns, panels. Each tag has its drawing.

import { CONTROLS } from "./controls.js";
import { button, face, make } from "./dom.js";
import { picture, player } from "./files.js";
import { drawForm } from "./form.js";
import { nameMentions, setHtml } from "./html.js";
import { drawTable } from "./table.js";
import { drawPanel } from "./panel.js";

const DEEPEST = 12;

export function drawElements(elements, look, depth = 0) {
  if (!Array.isArray(elements) || depth > DEEPEST) return [];
  return elements.filter((each) => each && typeof each === "object").map((each) => drawElement(each, look, depth)).filter(Boolean);
}

function drawElement(element, look, depth) {
  const draw = Object.hasOwn(ELEMENTS, element.tag) ? ELEMENTS[element.tag] : CONTROLS[element.tag];
  if (!draw) return make("p", "unknown", `This page cannot show “${element.tag}”`);
  const within = (children, inside = look) => drawElements(children, inside, depth + 1);
  return draw(element, look, within);
}

export function drawText(text, look, className = "") {
  if (!text) return null;
  const content = String(text.content ?? "");
  const shown = make("div", `text ${className} size-${text.text_size ?? "normal"} align-${text.text_align ?? "left"}`);
  const html = text.tag === "plain_text" ? undefined : look.html[content];
  if (html === undefined) {
    shown.textContent = content;
    shown.classList.add("as-is");
  } else {
    shown.classList.add("markdown");
    nameMentions(setHtml(shown, html), look.world);
  }
  if (text.text_color) shown.classList.add(`ink-${text.text_color}`);
  return shown;
}

function drawMarkdown(element, look) {
  const shown = drawText({ ...element, tag: "lark_md" }, look);
  look.writer?.reveal(element.element_id, String(element.content ?? ""), shown);
  return shown;
}

function drawDiv(element, look, within) {
  const fields = (element.fields ?? []).map((field) => make("div", field.is_short ? "field short" : "field", drawText(field.text, look)));
  const words = make("div", "words", drawText(element.text, look), fields.length ? make("div", "fields", ...fields) : null);
  const extra = within(element.extra ? [element.extra] : []);
  if (element.text && look.writer && element.element_id) {
    look.writer.reveal(element.element_id, String(element.text.content ?? ""), words.firstElementChild);
  }
  return make("div", "div", words, extra.length ? make("div", "extra", ...extra) : null);
}

function drawColumns(element, look, within) {
  const columns = (element.columns ?? []).map((column) => {
    const shown = make("div", `column width-${column.width ?? "auto"} ${column.background_style ? "filled" : ""}`, ...within(column.elements));
    if (column.width === "weighted") shown.style.flexGrow = String(Number(column.weight) || 1);
    if (/^\d+px$/.test(column.width ?? "")) shown.style.flexBasis = column.width;
    shown.classList.add(`valign-${column.vertical_align ?? "top"}`);
    return shown;
  });
  const filled = element.background_style && element.background_style !== "default" ? "filled" : "";
  return make("div", `columns flex-${element.flex_mode ?? "none"} ${filled}`, ...columns);
}

function drawImage(element) {
  const shown = picture(element.img_key, element.alt?.content || "Image");
  shown.classList.add("card-image");
  const title = element.title?.content;
  return title ? make("figure", "", shown, make("figcaption", "", title)) : shown;
}

function drawNote(element, look) {
  const children = (element.elements ?? []).map((each) =>
    each.tag === "img" ? picture(each.img_key, each.alt?.content || "Icon") : drawText(each, look));
  return make("div", "note", ...children);
}

function drawContainer(element, look, within) {
  const shown = make("div", `container ${element.has_border ? "bordered" : ""} ${element.background_style ? "filled" : ""}`,
    ...within(element.elements));
  if (element.behaviors?.length) {
    shown.prepend(button("container-button", "Choose", () => look.press.act(element, { tag: "interactive_container" })));
  }
  return shown;
}

function drawPerson(element, look) {
  const ids = element.persons?.map((person) => person.id) ?? [element.user_id];
  const names = ids.map((id) => look.world.nameOf(id));
  return make("div", "persons", ...names.map((name) => make("span", "person", face(name), name)));
}

function drawChart(element) {
  return make("p", "unknown", `Chart: ${element.chart_spec?.title?.text ?? element.chart_spec?.type ?? "untitled"}`);
}

const ELEMENTS = {
  markdown: drawMarkdown,
  div: drawDiv,
  plain_text: (element, look) => drawText(element, look),
  lark_md: (element, look) => drawText(element, look),
  hr: () => make("hr"),
  img: drawImage,
  img_combination: (element) => make("div", "images", ...(element.img_list ?? []).map((each) => picture(each.img_key))),
  column_set: drawColumns,
  note: drawNote,
  action: (element, look, within) => make("div", `actions layout-${element.layout ?? "flow"}`, ...within(element.actions)),
  collapsible_panel: drawPanel,
  interactive_container: drawContainer,
  form: drawForm,
  table: drawTable,
  person: drawPerson,
  person_list: drawPerson,
  chart: drawChart,
  audio: (element) => player("audio", element.file_key),
};
