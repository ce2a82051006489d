// Dark or light: what the system says, until somebody says otherwise.

import { at } from "./dom.js";

const KEY = "larkspur.theme";
const system = matchMedia("(prefers-color-scheme: dark)");

export function followTheme() {
  apply(localStorage.getItem(KEY));
  at("theme").addEventListener("click", () => {
    const next = isDark() ? "light" : "dark";
    const choice = next === (system.matches ? "dark" : "light") ? null : next;
    if (choice) localStorage.setItem(KEY, choice);
    else localStorage.removeItem(KEY);
    apply(choice);
  });
}

const isDark = () => (document.documentElement.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";

function apply(choice) {
  if (choice) document.documentElement.dataset.theme = choice;
  else delete document.documentElement.dataset.theme;
}
