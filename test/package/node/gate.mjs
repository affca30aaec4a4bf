import { createGate } from 'call-button/gate';
import { ask } from './ask.mjs';

await ask(createGate);
