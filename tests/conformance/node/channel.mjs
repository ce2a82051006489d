// The SDK's own channel, unmodified: channel.mjs URL APP_ID APP_SECRET
//
// Types "You said: ..." into a card for each message, a word at a time, and prints
// `answered MESSAGE_ID`; `ready BOT_OPEN_ID` once it is connected.

import { createLarkChannel } from '@larksuiteoapi/node-sdk';
import { options, say } from './wire.mjs';

const channel = createLarkChannel(options);

channel.on('message', async (message) => {
  const typed = async (stream) => {
    for (const word of `You said: ${message.content}`.split(/(?= )/)) await stream.append(word);
  };
  const reply = { replyTo: message.messageId };
  const sent = await channel.stream(message.chatId, { markdown: typed }, reply);
  say('answered', sent.messageId);
});
channel.on('error', (error) => say('failed', error.message));

await channel.connect();
say('ready', channel.botIdentity.openId);
