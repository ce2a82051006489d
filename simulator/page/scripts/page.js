// The page: its parts, wired together.

import { Chats } from "./chats.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { Deliveries } from "./deliveries.js";
import { at } from "./dom.js";
import { follow } from "./feed.js";
import { closeViewerOnClick } from "./files.js";
import { MessageActions } from "./actions.js";
import { followTheme } from "./theme.js";
import { Status } from "./status.js";
import { Toolbar } from "./toolbar.js";
import { Views } from "./views.js";
import { Wire } from "./wire.js";
import { World } from "./world.js";

const world = new World();
const deliveries = new Deliveries();
const actions = new MessageActions(world);
const composer = new Composer(world);
const conversation = new Conversation(world, deliveries, actions);
const toolbar = new Toolbar(at("log"), (id) => world.find(id), world, actions);
const wire = new Wire(world);
const views = new Views(world, wire, [toolbar, composer]);
const chats = new Chats(world, (chat) => { world.go(chat); views.to("chat"); });
const status = new Status();

Object.assign(actions, { composer, conversation });
followTheme();
closeViewerOnClick();

world.addEventListener("moved", () => {
  toolbar.leave();
  views.title();
  composer.move();
  conversation.draw();
  read();
});
world.addEventListener("said", () => { conversation.draw(); read(); });
world.addEventListener("message", ({ detail }) => { conversation.hear(detail); read(); });
addEventListener("focus", read);

function read() {
  if (!document.hasFocus() || !world.last(world.chat)) return;
  world.read();
  actions.read();
  chats.draw();
}

// A fresh connection to the feed may have missed something, so all is read anew.
async function opened() {
  await world.load();
  await Promise.all([deliveries.catchUp(), wire.catchUp(), world.catchUp()]);
  if (!at("chats").dataset.ready) world.go(world.chat);
  at("chats").dataset.ready = "yes";
  status.look();
}

function heard(name, detail) {
  if (name === "message") world.hear(detail);
  if (name === "frame") deliveries.hear(detail);
  wire.hear(name, detail);
}

follow(heard, opened, () => status.away());
