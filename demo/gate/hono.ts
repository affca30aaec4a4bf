/** The gate inside a Hono application on Node; it is the same in any framework that hands on a Fetch `Request`. */
import { serve, type HttpBindings } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
// in your project: 'call-button/gate'
import { createGate } from '../../src/gate/index.js';
import { gateOptions } from './options.js';

interface Context {
  readonly address: string | undefined;
}

const gate = createGate<Context>({
  ...gateOptions(process.env),
  clientIp: (_request, context) => context?.address,
});

const app = new Hono<{ Bindings: HttpBindings }>();
app.all('/call-gate/*', (c) => gate(c.req.raw, { address: getConnInfo(c).remote.address }));
app.get('/', (c) => c.text('hello'));

const port = Number(process.env['PORT'] ?? 3000);
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address) => {
  console.log('listening', address);
});
