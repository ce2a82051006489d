// The official WebSocket client, unmodified: socket.mjs URL APP_ID APP_SECRET
//
// Prints `ready`, then `handled EVENT_ID TEXT` for each message and `pressed CHOICE` for each
// press, which it answers with a toast. A message "fail" makes the handler throw the first time.

import * as lark from '@larksuiteoapi/node-sdk';
import { options, say } from './wire.mjs';

const seen = new Set();

const eventDispatcher = new lark.EventDispatcher(options).register({
  'im.message.receive_v1': async (event) => {
    const { text } = JSON.parse(event.message.content);
    const first = !seen.has(event.event_id);
    seen.add(event.event_id);
    say('handled', event.event_id, text);
    if (first && text === 'fail') throw new Error(text);
  },
  'card.action.trigger': async (event) => {
    say('pressed', event.action.value.choice);
    return { toast: { type: 'success', content: 'thank you' } };
  },
});

const socket = new lark.WSClient({
  ...options,
  onReady: () => say('ready'),
  onReconnected: () => say('reconnected'),
  onError: (error) => say('failed', error.message),
});
socket.start({ eventDispatcher });
