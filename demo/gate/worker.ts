/**
 * The gate as a module with a `fetch`, as Cloudflare Workers, `deno serve` and Bun start it. Two things are Cloudflare's
 * here: the bindings in `env`, and the header with the address, which Cloudflare sets and no visitor can. Deno tells
 * the address in the second argument (`info.remoteAddr.hostname`), Bun by `server.requestIP(request)`.
 */
// in your project: 'call-button/gate'
import { createGate, type Gate } from '../../src/gate/index.js';
import { gateOptions, type Env } from './options.js';

let gate: Gate | undefined;

export default {
  fetch(request: Request, env: Env): Promise<Response> {
    gate ??= createGate({
      ...gateOptions(env),
      clientIp: ({ headers }) => headers.get('CF-Connecting-IP'),
      // Each isolate has a memory of its own, so in production give a `store` that all of them share: its two
      // operations, `incr` and `once`, are a few lines in a Durable Object. Workers KV is not atomic and does not fit.
    });
    return gate(request);
  },
};
