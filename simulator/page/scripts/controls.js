// What a card lets one do: buttons, choices, inputs. Inside a form they wait for its submit.

import { button, icon, make } from "./dom.js";
import { drawText } from "./elements.js";
import { open } from "./links.js";

const OFFSET = "+0800";

// A control reports its value to the form it stands in, or calls back at once.
function report(element, look, value, action) {
  if (look.form && element.name) look.form.set(element.name, value);
  else look.press.act(element, action);
}

function drawButton(element, look) {
  const kind = String(element.type ?? "default").replaceAll("_", "-");
  const words = element.text?.content ?? "";
  const shown = button(`card-button ${kind} size-${element.size ?? "medium"}`, "", () => pressed(element, look, shown),
    make("span", "", words || "Button"));
  shown.disabled = Boolean(element.disabled);
  if (element.width === "fill") shown.classList.add("fill");
  return shown;
}

function pressed(element, look, shown) {
  const does = element.form_action_type ?? { form_submit: "submit", form_reset: "reset" }[element.action_type];
  if (look.form && does === "reset") return look.form.reset();
  if (look.form && does === "submit") {
    if (!look.form.complete()) return undefined;
    return look.press.act({ behaviors: undefined, ...element }, { tag: "button", form_value: look.form.values() }, shown);
  }
  return look.press.act(element, { tag: "button" }, shown);
}

function labelled(element, control) {
  const words = element.label?.content ?? element.placeholder?.content ?? element.name ?? element.tag;
  control.setAttribute("aria-label", words);
  if (element.required) control.required = true;
  if (element.disabled) control.disabled = true;
  if (!element.label) return control;
  return make("label", "labelled", make("span", element.required ? "required" : "", element.label.content), control);
}

function optionsOf(element, look) {
  if (!element.tag.includes("person")) return element.options ?? [];
  const people = element.options?.length ? element.options.map((each) => each.value) : look.world.users.map((user) => user.open_id);
  return people.map((id) => ({ value: id, text: { content: look.world.nameOf(id) } }));
}

function drawSelect(element, look) {
  const options = optionsOf(element, look);
  const first = new Option(element.placeholder?.content ?? "Choose", "", true, true);
  first.disabled = true;
  const control = make("select", "control", first, ...options.map((each) => new Option(each.text?.content ?? each.value, each.value)));
  const begin = element.initial_option ?? options[Number(element.initial_index) - 1]?.value ?? "";
  control.value = begin;
  look.form?.begin(element, begin, (value) => { control.value = value; });
  control.addEventListener("change", () => report(element, look, control.value, { tag: element.tag, option: control.value }));
  return labelled(element, control);
}

function drawMultiSelect(element, look) {
  const boxes = optionsOf(element, look).map((each) => {
    const box = Object.assign(make("input"), { type: "checkbox", value: each.value });
    return { box, row: make("label", "choice", box, make("span", "", each.text?.content ?? each.value)) };
  });
  const words = make("span", "chosen");
  const chosen = () => boxes.filter(({ box }) => box.checked).map(({ box }) => box.value);
  const tell = () => { words.textContent = boxes.filter(({ box }) => box.checked).map(({ row }) => row.textContent).join(", ") || (element.placeholder?.content ?? "Choose"); };
  const set = (values) => { boxes.forEach(({ box }) => { box.checked = values.includes(box.value); }); tell(); };
  set(element.selected_values ?? element.initial_options ?? []);
  look.form?.begin(element, chosen(), set);
  const shown = make("details", "control multi", make("summary", "", words), make("div", "choices", ...boxes.map(({ row }) => row)));
  shown.addEventListener("change", () => { tell(); if (look.form) look.form.set(element.name, chosen()); });
  shown.addEventListener("toggle", () => { if (!shown.open && !look.form) report(element, look, chosen(), { tag: element.tag, options: chosen() }); });
  const name = element.label?.content ?? element.placeholder?.content ?? "Choose";
  shown.firstChild.setAttribute("aria-label", name);
  return element.label ? make("div", "labelled", make("span", element.required ? "required" : "", name), shown) : shown;
}

function drawInput(element, look) {
  const long = element.input_type === "multiline_text";
  const control = make(long ? "textarea" : "input", "control");
  if (long) control.rows = Number(element.rows) || 3;
  else control.type = element.input_type === "password" ? "password" : "text";
  control.placeholder = element.placeholder?.content ?? "";
  control.value = element.default_value ?? "";
  if (element.max_length) control.maxLength = Number(element.max_length);
  look.form?.begin(element, control.value, (value) => { control.value = value; });
  if (look.form) control.addEventListener("input", () => look.form.set(element.name, control.value));
  const send = () => report(element, look, control.value, { tag: "input", input_value: control.value });
  if (look.form) return labelled(element, control);
  control.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing && !long) send(); });
  return make("div", "input-line", labelled(element, control), button("quiet", "Submit", send, icon("send")));
}

// Dates are told with the zone's offset, as the client does (card.action.trigger).
function drawPicker(type, initial) {
  return (element, look) => {
    const control = Object.assign(make("input", "control"), { type, value: (element[initial] ?? "").replace(" ", "T") });
    const value = () => (control.value ? `${control.value.replace("T", " ")} ${OFFSET}` : "");
    look.form?.begin(element, value(), (begin) => { control.value = begin.replace(` ${OFFSET}`, "").replace(" ", "T"); });
    control.addEventListener("change", () => report(element, look, value(), { tag: element.tag, option: value() }));
    return labelled(element, control);
  };
}

function drawChecker(element, look) {
  const box = Object.assign(make("input"), { type: "checkbox", checked: Boolean(element.checked), disabled: Boolean(element.disabled) });
  const row = make("label", "checker", box, drawText(element.text ?? { tag: "plain_text", content: "" }, look));
  row.classList.toggle("unstruck", element.checked_style?.show_strikethrough === false);
  look.form?.begin(element, box.checked, (value) => { box.checked = value; });
  box.addEventListener("change", () => report(element, look, box.checked, { tag: "checker", checked: box.checked }));
  return row;
}

function drawOverflow(element, look) {
  const pick = (option) => {
    shown.open = false;
    const link = option.multi_url?.url ?? option.url;
    if (link) open(link);
    else look.press.act({ value: {}, ...element }, { tag: "overflow", option: option.value });
  };
  const rows = (element.options ?? []).map((option) => button("", "", () => pick(option), option.text?.content ?? option.value));
  const summary = make("summary", "", icon("more"));
  summary.setAttribute("aria-label", "More");
  const shown = make("details", "overflow", summary, make("div", "menu", ...rows));
  return shown;
}

export const CONTROLS = {
  button: drawButton,
  select_static: drawSelect,
  select_person: drawSelect,
  multi_select_static: drawMultiSelect,
  multi_select_person: drawMultiSelect,
  input: drawInput,
  date_picker: drawPicker("date", "initial_date"),
  picker_time: drawPicker("time", "initial_time"),
  picker_datetime: drawPicker("datetime-local", "initial_datetime"),
  checker: drawChecker,
  overflow: drawOverflow,
};
