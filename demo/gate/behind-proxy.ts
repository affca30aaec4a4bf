/**
 * The gate behind a reverse proxy that appends the address it was asked from to `X-Forwarded-For`, as nginx does by
 * `proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;` and most others by themselves.
 */
import { createServer } from 'node:http';
// in your project: 'call-button/gate' and 'call-button/gate/node'
import { createGate } from '../../src/gate/index.js';
import { toNodeListener, type NodeContext } from '../../src/gate/node.js';
import { gateOptions } from './options.js';

/** Addresses from which the proxy asks us. */
const PROXIES = (process.env['PROXIES'] ?? '127.0.0.1 ::1').split(/\s+/);

const gate = createGate<NodeContext>({
  ...gateOptions(process.env),
  clientIp(request, context) {
    const peer = context?.remoteAddress?.replace(/^::ffff:/, '');
    // whoever got past the proxy wrote the header too
    if (peer === undefined || !PROXIES.includes(peer)) return peer;
    // The last entry is our proxy's. All before it came with the request: a visitor can write anything there. With
    // two proxies of your own in a row it is the last but one, and so on.
    return request.headers.get('X-Forwarded-For')?.split(',').at(-1)?.trim();
  },
});

const port = Number(process.env['PORT'] ?? 3000);
const server = createServer(toNodeListener(gate)).listen(port, '127.0.0.1', () => {
  console.log('listening', server.address());
});
