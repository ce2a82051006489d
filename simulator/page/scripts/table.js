// A table, page by page.

import { button, make } from "./dom.js";
import { drawText } from "./elements.js";

const PAGE = 5;

export function drawTable(element, look) {
  const columns = element.columns ?? [];
  const rows = element.rows ?? [];
  const size = Math.max(1, Number(element.page_size) || PAGE);
  const body = make("tbody");
  const head = make("tr", "", ...columns.map((column) => make("th", `align-${column.horizontal_align ?? "left"}`, column.display_name ?? column.name)));
  const table = make("table", "", make("thead", "", head), body);
  const pages = Math.ceil(rows.length / size);
  const shown = make("div", "table", make("div", "scroller", table));
  const place = make("span");
  const turn = (page) => {
    body.replaceChildren(...rows.slice(page * size, (page + 1) * size).map((row) => make("tr", "",
      ...columns.map((column) => make("td", `align-${column.horizontal_align ?? "left"}`, cell(column, row[column.name], look))))));
    place.textContent = `${page + 1} / ${pages}`;
    back.disabled = page === 0;
    next.disabled = page >= pages - 1;
    current = page;
  };
  let current = 0;
  const back = button("quiet", "Page before", () => turn(current - 1), "‹");
  const next = button("quiet", "Next page", () => turn(current + 1), "›");
  if (pages > 1) shown.append(make("div", "pager", back, place, next));
  turn(0);
  return shown;
}

function cell(column, value, look) {
  switch (column.data_type) {
    case "lark_md":
    case "markdown":
      return drawText({ tag: "lark_md", content: value ?? "" }, look);
    case "options":
      return make("span", "options", ...[value ?? []].flat().map((option) =>
        make("span", `pill ink-${option.color ?? "neutral"}`, option.text ?? String(option))));
    case "number":
      return number(value, column.format);
    case "persons":
      return [value ?? []].flat().map((id) => look.world.nameOf(id)).join(", ");
    case "date":
      return value ? new Date(Number(value)).toLocaleDateString() : "";
    default:
      return String(value ?? "");
  }
}

function number(value, format = {}) {
  if (typeof value !== "number") return String(value ?? "");
  const digits = { minimumFractionDigits: format.precision ?? 0, maximumFractionDigits: format.precision ?? 20 };
  return `${format.symbol ?? ""}${value.toLocaleString([], { ...digits, useGrouping: Boolean(format.separator) })}`;
}
