/** A gate in a process of its own, with its memory in Redis: the tests start it, and tell it where things are. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from 'redis';
import { createGate } from '../../src/gate/index.js';
import { toNodeListener, type NodeContext } from '../../src/gate/node.js';
import { createRedisStore } from '../../src/gate/redis-store.js';
import { DIGEST_SECRET, HCAPTCHA, JWT_SECRET, REDEEM_SECRET } from './support.js';

const [redisUrl = '', verifyUrl = ''] = process.argv.slice(2);
const many = { max: 1_000_000, seconds: 600 };

const client = createClient({ url: redisUrl });
// an EventEmitter without a listener for errors ends its process; the store says what there is to say
client.on('error', () => {});
await client.connect();

const gate = createGate<NodeContext>({
  production: false,
  origins: ['http://shop.example'],
  aliases: { sales: {}, lobby: { captcha: ['none'] } },
  jwtSecret: JWT_SECRET,
  digestSecret: DIGEST_SECRET,
  redeemSecret: REDEEM_SECRET,
  hcaptcha: { ...HCAPTCHA, verifyUrl },
  clientIp: (_request, context) => context?.remoteAddress,
  limits: { perIp: many, perAlias: many, overall: many },
  store: createRedisStore(client, { timeoutMs: 1500 }),
});
const server = createServer(toNodeListener(gate)).listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port);
});
// the test is over
process.on('disconnect', () => process.exit());
