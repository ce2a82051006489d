// Where links lead.

// Only an address of the web is followed: a card's button must not run what it says.
export function open(link) {
  if (/^https?:\/\//i.test(link)) window.open(link, "_blank", "noopener,noreferrer");
}
