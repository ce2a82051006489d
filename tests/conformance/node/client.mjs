// The official API client, unmodified: client.mjs URL APP_ID APP_SECRET
//
// Sends, replies, reads, types into a card and is refused, and prints what came of it as JSON.

import * as lark from '@larksuiteoapi/node-sdk';
import { options } from './wire.mjs';

const client = new lark.Client(options);
const text = (words) => ({ msg_type: 'text', content: JSON.stringify({ text: words }) });
const { message } = client.im.v1;

const create = (data) =>
  message.create({ params: { receive_id_type: 'email' }, data: { receive_id: 'alice@example.com', ...data } });

async function card() {
  const { cardkit } = client;
  const markdown = { tag: 'markdown', element_id: 'md', content: '...' };
  const shown = { schema: '2.0', config: { streaming_mode: true }, body: { elements: [markdown] } };
  const made = await cardkit.v1.card.create({ data: { type: 'card_json', data: JSON.stringify(shown) } });
  const path = { card_id: made.data.card_id };
  const content = JSON.stringify({ type: 'card', data: path });
  const sent = await create({ msg_type: 'interactive', content });
  await cardkit.v1.cardElement.content({
    path: { ...path, element_id: 'md' },
    data: { content: 'typed', sequence: 1, uuid: 'u-1' },
  });
  const settings = JSON.stringify({ config: { streaming_mode: false } });
  await cardkit.v1.card.settings({ path, data: { settings, sequence: 2 } });
  return sent.data.message_id;
}

const refused = (promise) => promise.then(
  () => null,
  (error) => ({ status: error.response.status, code: error.response.data.code }),
);

const sent = await create(text('hello'));
const path = { message_id: sent.data.message_id };
const reply = await message.reply({ path, data: text('and again') });
const got = await message.get({ path });
console.log(JSON.stringify({
  sent: sent.data.message_id,
  parent: reply.data.parent_id,
  got: JSON.parse(got.data.items[0].body.content),
  card: await card(),
  refused: await refused(message.reply({ path: { message_id: 'om_nowhere' }, data: text('x') })),
}));
