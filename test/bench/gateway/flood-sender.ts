/** A process that floods a gateway with invalid passes until it is told to end; then it says how many it sent. */
import { once } from 'node:events';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { createDialog, invite, signPass } from '../../gateway/support/client.js';

export interface FloodOrder {
  readonly sipUrl: string;
  readonly origin: string;
  readonly alias: string;
  /** Addresses that it comes from, one socket each. */
  readonly from: readonly string[];
  /** Messages a second of each; null: as many as go out. */
  readonly perSecond: number | null;
}

export interface Flooded {
  readonly sentPerSecond: number;
  readonly refusedPerSecond: number;
}

const BURST = 10;
const PACE_MS = 20;
/** Unsent bytes of a socket beyond which it is given time. */
const BACKLOG = 65_536;

const order = JSON.parse(process.argv[2]!) as FloodOrder;
const pass = signPass({ alias: order.alias, secret: 'not-the-secret-of-anybody-at-all-012345' });
const text = invite(createDialog(order.alias, 'NUMBER'), { pass });
const branch = /branch=(\S+?)\r/.exec(text)![1]!;

let [sent, refused, ending] = [0, 0, false];
process.once('SIGTERM', () => (ending = true));

async function open(from: string): Promise<WebSocket> {
  const socket = new WebSocket(order.sipUrl, 'sip', { origin: order.origin, localAddress: from });
  await once(socket, 'open');
  socket.on('error', () => {}); // refused any longer: the next one goes on
  socket.on('message', () => (refused += 1));
  return socket;
}

const sockets = await Promise.all(order.from.map(open));
console.log('ready');
const start = performance.now();
let done = 0;
while (!ending) {
  await (order.perSecond === null ? nextTurn() : delay(PACE_MS));
  const due =
    order.perSecond === null
      ? done + BURST
      : Math.floor(((performance.now() - start) / 1000) * order.perSecond);
  for (const socket of sockets) {
    if (socket.readyState !== WebSocket.OPEN || socket.bufferedAmount > BACKLOG) continue;
    for (let turn = done; turn < due; turn += 1) {
      sent += 1;
      socket.send(text.replace('NUMBER', `flood-${sent}`).replace(branch, `${branch}${sent}`));
    }
  }
  done = due;
}
const seconds = (performance.now() - start) / 1000;
for (const socket of sockets) socket.terminate();
const result: Flooded = {
  sentPerSecond: sent / seconds,
  refusedPerSecond: refused / seconds,
};
console.log(JSON.stringify(result));
