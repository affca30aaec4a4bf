/** The gate on Node's own HTTP server, reached by visitors directly. */
import { createServer } from 'node:http';
// in your project: 'call-button/gate' and 'call-button/gate/node'
import { createGate } from '../../src/gate/index.js';
import { toNodeListener, type NodeContext } from '../../src/gate/node.js';
import { gateOptions } from './options.js';

const gate = createGate<NodeContext>({
  ...gateOptions(process.env),
  clientIp: (_request, context) => context?.remoteAddress,
});

const port = Number(process.env['PORT'] ?? 3000);
const server = createServer(toNodeListener(gate)).listen(port, '127.0.0.1', () => {
  console.log('listening', server.address());
});
