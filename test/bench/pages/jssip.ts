/** JsSIP as its guide shows it. */
import { UA, WebSocketInterface } from 'jssip';
import { callButton, iceServers, parameters, passHeaders } from './contender.js';

const page = parameters();
const audio = document.createElement('audio');
audio.autoplay = true;
document.body.append(audio);

const agent = new UA({
  sockets: [new WebSocketInterface(page.server)],
  uri: `sip:anonymous@${page.domain}`,
  register: false,
});
const connected = new Promise<void>((resolve) => agent.on('connected', () => resolve()));

function call(): void {
  const session = agent.call(`sip:${page.target}@${page.domain}`, {
    mediaConstraints: { audio: true, video: false },
    pcConfig: { iceServers: iceServers(page) },
    extraHeaders: passHeaders(page),
  });
  session.connection.addEventListener('track', ({ streams }) => {
    audio.srcObject = streams[0] ?? null;
  });
}

callButton(() => {
  if (page.early) call();
  else {
    agent.start();
    void connected.then(call);
  }
});

globalThis.contender = {
  async prepare() {
    if (!page.early) return;
    agent.start();
    await connected;
  },
  hangUp: () => agent.terminateSessions(),
};
