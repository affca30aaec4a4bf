/** SIP.js by its `SimpleUser`, as its guide shows it. */
import { Web } from 'sip.js';
import { callButton, failed, iceServers, parameters, passHeaders } from './contender.js';

const page = parameters();
const audio = document.createElement('audio');
document.body.append(audio);

const user = new Web.SimpleUser(page.server, {
  aor: `sip:anonymous@${page.domain}`,
  media: { constraints: { audio: true, video: false }, remote: { audio } },
  userAgentOptions: {
    logLevel: 'error',
    sessionDescriptionHandlerFactoryOptions: {
      peerConnectionConfiguration: { iceServers: iceServers(page) },
    },
  },
});

const call = (): Promise<void> =>
  user.call(`sip:${page.target}@${page.domain}`, {
    extraHeaders: passHeaders(page),
    // off by default: given the benefit where the far end is heard before it answers
    earlyMedia: page.sound,
  });

callButton(() => {
  void (page.early ? call() : user.connect().then(call)).catch(failed);
});

globalThis.contender = {
  prepare: () => (page.early ? user.connect() : Promise.resolve()),
  hangUp: () => void user.hangup().catch(failed),
};
