// What happens, as it happens. A feed that is lost comes back by itself, and whoever follows it
// is told, because what happened in between was missed.

const NAMES = ["message", "frame", "call", "fault"];
const AGAIN = 1000;

export function follow(heard, opened, lost) {
  const feed = new EventSource("/_sim/feed");
  feed.addEventListener("open", opened);
  for (const name of NAMES) {
    feed.addEventListener(name, (event) => heard(name, JSON.parse(event.data)));
  }
  feed.addEventListener("error", () => {
    lost();
    if (feed.readyState === EventSource.CLOSED) setTimeout(follow, AGAIN, heard, opened, lost);
  });
}
