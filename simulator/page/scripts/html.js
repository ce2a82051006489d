// The one door by which HTML enters the page. The server has sanitised it; the browser is told
// (require-trusted-types-for) to refuse any that comes another way.

const policy = globalThis.trustedTypes?.createPolicy("sanitised", { createHTML: (html) => html });

export function setHtml(element, html) {
  element.innerHTML = policy ? policy.createHTML(html) : html;
  return element;
}

// A mention has the id of somebody; the name is put in here, as text.
export function nameMentions(element, world) {
  for (const at of element.querySelectorAll(".at[data-id]")) {
    if (!at.textContent) at.textContent = `@${world.nameOf(at.dataset.id)}`;
    if (at.dataset.id === world.me.open_id || at.dataset.id === "all") at.classList.add("me");
  }
  return element;
}
