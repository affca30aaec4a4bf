/** `<call-button>` as a page has it: the built script, one element, form open before the click. */
import type {} from '../../../src/launcher/element.js';
import { iceServers, parameters } from './contender.js';

const page = parameters();
const element = document.createElement('call-button');
const attributes = {
  server: page.server,
  target: page.target,
  domain: page.domain,
  captcha: 'none',
  'caller-name': 'Ada Lovelace',
  media: page.video ? 'video' : 'audio',
  gate: page.gate,
};
for (const [name, value] of Object.entries(attributes)) {
  if (value !== '') element.setAttribute(name, value);
}
element.innerHTML = '<a href="tel:+15550100123">Call us</a>';

let sockets = 0;
let connections = 0;

if (page.pass !== '') {
  // a pass at hand: what the gate would answer is there already
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) =>
    input instanceof Request || !String(input).endsWith('/pass')
      ? fetch(input, init)
      : Promise.resolve(
          new Response(page.pass, { headers: { 'Content-Type': 'application/json' } }),
        );
}

globalThis.WebSocket = new Proxy(WebSocket, {
  construct(target, values, newTarget) {
    const made = Reflect.construct(target, values, newTarget) as WebSocket;
    made.addEventListener('open', () => (sockets += 1));
    return made;
  },
});
globalThis.RTCPeerConnection = new Proxy(RTCPeerConnection, {
  construct(target, values, newTarget) {
    connections += 1;
    return Reflect.construct(target, values, newTarget) as RTCPeerConnection;
  },
});

globalThis.contender = {
  async prepare() {
    await customElements.whenDefined('call-button');
    element.iceServers = iceServers(page);
    await element.open();
    while (sockets === 0 || connections === 0) await new Promise(requestAnimationFrame);
  },
  hangUp: () => element.hangUp(),
};
document.body.append(element);
const script = document.createElement('script');
script.src = '/dist/call-button.js';
document.head.append(script);
