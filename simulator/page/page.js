// The chat page: choose who you are and where, talk, and see messages as they appear.
// Whatever people or bots write reaches the page through textContent, and only so.

const SHOWN = 200;
const at = (id) => document.getElementById(id);
const [userChoice, chatChoice, log, list, text] = ["user", "chat", "log", "messages", "text"].map(at);

let world;
let replyTo = null;
const shown = new Map();

async function start() {
  world = await ask("/_sim/world");
  at("bot").textContent = world.bot.name;
  document.title = `${world.bot.name} simulator`;
  fill(userChoice, world.users.map((user) => [user.name, user.name]));
  offerChats();
  follow();
}

function offerChats() {
  const me = world.users.find((user) => user.name === userChoice.value);
  const mine = world.chats.filter((chat) => chat.members.includes(me.open_id));
  const before = chatChoice.value;
  const names = mine.map((chat) => [chat.chat_id, chat.kind === "p2p" ? world.bot.name : chat.name]);
  fill(chatChoice, names);
  if (mine.some((chat) => chat.chat_id === before)) chatChoice.value = before;
}

// The feed tells what is new; a fresh connection to it may have missed something, so all is read.
function follow() {
  const feed = new EventSource("/_sim/feed");
  feed.addEventListener("open", reload);
  feed.addEventListener("message", (event) => show(JSON.parse(event.data)));
  feed.addEventListener("error", () => tell("the simulator is away", false));
  setInterval(lookAround, 3000);
}

async function reload() {
  const chatId = chatChoice.value;
  const messages = await ask(`/_sim/messages?chat=${encodeURIComponent(chatId)}&limit=${SHOWN}`);
  if (chatId !== chatChoice.value) return;
  // What the feed brought while the answer was on its way is newer than the answer.
  const since = messages.length ? messages.at(-1).create_time : 0;
  const newer = [...shown.values()].map((each) => each.message).filter((each) => each.create_time > since);
  shown.clear();
  list.replaceChildren();
  at("empty").hidden = false;
  text.placeholder = hint();
  [...messages, ...newer].forEach(show);
  log.scrollTop = log.scrollHeight;
  lookAround();
}

function hint() {
  const here = world.chats.find((chat) => chat.chat_id === chatChoice.value);
  return here.kind === "group" ? `Message ${here.name} (@bot to ask)` : `Message ${world.bot.name}`;
}

async function lookAround() {
  try {
    const { connections } = await ask("/_sim/health");
    tell(connections ? `bot online (${connections})` : "bot offline", connections > 0);
  } catch {
    tell("the simulator is away", false);
  }
}

function tell(words, online) {
  at("status").textContent = words;
  at("status").classList.toggle("online", online);
}

function show(message) {
  if (message.chat_id !== chatChoice.value) return;
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const bubble = draw(message);
  const older = shown.get(message.message_id);
  if (older) older.element.replaceWith(bubble);
  else list.append(bubble);
  shown.set(message.message_id, { message, element: bubble });
  at("empty").hidden = true;
  if (shown.size > SHOWN) forgetOldest();
  if (atEnd) log.scrollTop = log.scrollHeight;
}

function forgetOldest() {
  const [messageId, { element }] = shown.entries().next().value;
  element.remove();
  shown.delete(messageId);
}

function draw(message) {
  const { sender } = message;
  const item = make("li", "message");
  item.classList.toggle("mine", sender.kind === "user" && sender.name === userChoice.value);
  const about = make("div", "about");
  const reply = make("button", "", "Reply");
  reply.type = "button";
  reply.addEventListener("click", () => quote(message));
  about.append(make("strong", "", sender.name), make("time", "", clock(message.create_time)));
  if (message.thread_id) about.append(make("span", "", "in a thread"));
  about.append(reply);
  const bubble = make("div", "bubble");
  const parent = shown.get(message.parent_id);
  if (parent) bubble.append(make("div", "quote", parent.message.text));
  bubble.append(make("div", "", message.text));
  item.append(about, bubble);
  return item;
}

function make(tag, className, words = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = words;
  return element;
}

function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { timeStyle: "medium" });
}

function quote(message) {
  replyTo = message ? message.message_id : null;
  at("replying").hidden = !message;
  at("quoted").textContent = message ? `Reply to ${message.sender.name}: ${message.text}` : "";
  text.focus();
}

async function send() {
  const words = text.value;
  if (!words.trim()) return;
  const said = { user: userChoice.value, chat: chatChoice.value, text: words, reply_to: replyTo };
  type("");
  quote(null);
  try {
    await ask("/_sim/messages", { method: "POST", body: JSON.stringify(said) });
    at("problem").hidden = true;
  } catch (error) {
    type(words);
    at("problem").textContent = `Not sent: ${error.message}`;
    at("problem").hidden = false;
  }
}

async function ask(path, options) {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

function fill(choice, options) {
  choice.replaceChildren(...options.map(([value, name]) => new Option(name, value)));
}

function type(words) {
  text.value = words;
  grow();
}

function grow() {
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 2}px`;
}

userChoice.addEventListener("change", () => { offerChats(); quote(null); reload(); });
chatChoice.addEventListener("change", () => { quote(null); reload(); });
at("unquote").addEventListener("click", () => quote(null));
at("composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
text.addEventListener("input", grow);
text.addEventListener("keydown", (event) => {
  // While a Chinese or Japanese input method is composing, Enter belongs to it.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
  if (event.key === "Escape") quote(null);
});

start();
