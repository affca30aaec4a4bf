/**
 * Times the steps of a call from inside the page, without the knowledge of what makes it. Loaded before every other
 * script.
 */
import { parameters, type Step } from './contender.js';

globalThis.steps = {};

function mark(step: Step): void {
  if (step !== 'click' && steps.click === undefined) return;
  steps[step] ??= performance.now();
}

addEventListener(
  'click',
  () => {
    // the last one before the INVITE is the press on Call
    if (steps.invite === undefined) globalThis.steps = { click: performance.now() };
  },
  true,
);

/** Adds something to every instance, as its first listener. */
function watch<T extends object>(
  type: new (...values: never[]) => T,
  each: (made: T) => void,
): typeof type {
  return new Proxy(type, {
    construct(target, values, newTarget) {
      const made = Reflect.construct(target, values, newTarget) as T;
      each(made);
      return made;
    },
  });
}

globalThis.WebSocket = watch(WebSocket, (socket) => {
  socket.addEventListener('open', () => mark('socket'));
  socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const text = typeof data === 'string' ? data : '';
    const [, status = ''] = /^SIP\/2.0 (\d)/.exec(text) ?? [];
    const [, method = ''] = /^CSeq:\s*\d+\s+(\w+)/im.exec(text) ?? [];
    if (method === 'INVITE' && status === '1' && !text.startsWith('SIP/2.0 100')) mark('progress');
    if (method === 'INVITE' && status === '2') mark('answer');
    if (method === 'BYE' && status !== '') mark('bye');
  });
}) as typeof WebSocket;

const { send } = WebSocket.prototype;
WebSocket.prototype.send = function (data) {
  if (typeof data === 'string' && data.startsWith('INVITE ')) mark('invite');
  send.call(this, data);
};

const devices = navigator.mediaDevices;
const getUserMedia = devices.getUserMedia.bind(devices);
devices.getUserMedia = async (constraints) => {
  mark('asked');
  const stream = await getUserMedia(constraints);
  mark('devices');
  return stream;
};

/** Tells of the first sample above -50 dBFS. */
const LISTENER = `registerProcessor('listener', class extends AudioWorkletProcessor {
  process([[samples]]) {
    if (samples?.some((sample) => Math.abs(sample) > 0.003)) this.port.postMessage('');
    return true;
  }
})`;

/** Made ahead of the click, so that its making is nobody's time. */
let ear: AudioContext | null = null;

async function openEar(): Promise<void> {
  ear = new AudioContext();
  await ear.audioWorklet.addModule(
    URL.createObjectURL(new Blob([LISTENER], { type: 'text/javascript' })),
  );
}

function listen(track: MediaStreamTrack): void {
  if (ear === null || track.kind !== 'audio') return;
  const node = new AudioWorkletNode(ear, 'listener');
  node.port.onmessage = () => {
    // what comes before the answer is not the answer's
    if (steps.answer !== undefined) mark('sound');
  };
  ear.createMediaStreamSource(new MediaStream([track])).connect(node);
}

globalThis.RTCPeerConnection = watch(RTCPeerConnection, (pc) => {
  pc.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate !== null) mark('candidate');
  });
  pc.addEventListener('connectionstatechange', () => {
    if (pc.connectionState === 'connected') mark('connected');
  });
  pc.addEventListener('signalingstatechange', () => {
    if (pc.signalingState === 'have-local-offer') mark('offer');
  });
  pc.addEventListener('track', ({ track }) => listen(track));
}) as typeof RTCPeerConnection;

globalThis.earReady = parameters().sound ? openEar() : Promise.resolve();
