import 'call-button/define';
import { createServer } from 'node:http';
import type { CallButtonElement, CallEndEvent, CallState, EndReason } from 'call-button';
import { createGate, type GateOptions, type Store } from 'call-button/gate';
import { toNodeListener } from 'call-button/gate/node';
import { createRedisStore } from 'call-button/gate/redis';
import { registerLanguage, type Messages } from 'call-button/i18n';
import { de } from 'call-button/i18n/de';

const button: CallButtonElement = document.createElement('call-button');
button.addEventListener('call-end', (event) => {
  const { durationMs, reason }: CallEndEvent = event;
  const why: EndReason = reason;
  console.log(durationMs.toFixed(), why);
});
const state: CallState = button.state.state;
button.context = { page: state };
button.setAudioMuted(true);
// @ts-expect-error: digits are a string
button.sendDtmf(1);
// @ts-expect-error: it has no such method
button.dial();

const words: Partial<Messages> = { 'hang-up': 'Auflegen' };
registerLanguage('de', { ...de, ...words });

export function start(options: GateOptions, redis: Parameters<typeof createRedisStore>[0]) {
  const store: Store = createRedisStore(redis);
  // @ts-expect-error: a gate without secrets
  createGate({ origins: [] });
  return createServer(toNodeListener(createGate({ ...options, store })));
}
