/** A process with a gate, and beside it a server that answers everything with nothing. Its first line says where. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMemoryStore } from '../../../src/gate/index.js';
import { createServiceGate } from '../../../demo/service/gate.js';
import { SECRETS } from '../../service/sip-client.js';
import { GATE_ALIAS, GATE_ORIGIN, type GatePorts } from './gate.js';

const endless = { max: 1_000_000, seconds: 86_400 };
const limits = { perIp: endless, perAlias: endless, overall: endless, challengesPerIp: endless };

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const gate = (provider: 'none' | 'altcha'): RequestListener =>
  createServiceGate({
    aliases: [GATE_ALIAS],
    origins: [GATE_ORIGIN],
    captcha: { provider },
    secrets: SECRETS,
    store: createMemoryStore(),
    // how long a visitor's machine computes makes no difference to the gate
    overrides: { limits, altcha: { hmacKey: SECRETS.altcha, cost: 1000, steps: 10 } },
  });

const ports: GatePorts = {
  empty: await listen((request, response) => {
    request.resume().once('end', () => response.end());
  }),
  none: await listen(gate('none')),
  altcha: await listen(gate('altcha')),
};
console.log(JSON.stringify(ports));
