// What all the programs here have in common: their arguments, and how they print.

import * as lark from '@larksuiteoapi/node-sdk';

const [domain, appId, appSecret] = process.argv.slice(2);
const toStderr = (...words) => console.error(...words);

export const options = {
  domain,
  appId,
  appSecret,
  loggerLevel: lark.LoggerLevel.warn,
  logger: { error: toStderr, warn: toStderr, info: toStderr, debug: toStderr, trace: toStderr },
};

export const say = (...words) => console.log(words.join(' '));
