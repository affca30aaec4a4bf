/** The gate inside an Express application, reached by visitors directly. */
import express from 'express';
// in your project: 'call-button/gate' and 'call-button/gate/node'
import { createGate } from '../../src/gate/index.js';
import { toNodeListener, type NodeContext } from '../../src/gate/node.js';
import { gateOptions } from './options.js';

const gate = createGate<NodeContext>({
  ...gateOptions(process.env),
  clientIp: (_request, context) => context?.remoteAddress,
});

const app = express();
// in front of every body parser: the gate reads the body itself, and no more of it than it wants
app.use('/call-gate', toNodeListener(gate));
app.use(express.json());
app.post('/contact', (request, response) => {
  response.json({ received: request.body as unknown });
});

const port = Number(process.env['PORT'] ?? 3000);
const server = app.listen(port, '127.0.0.1', () => {
  console.log('listening', server.address());
});
