const { createGate } = require('call-button/gate');

void import('./ask.mjs').then(({ ask }) => ask(createGate));
