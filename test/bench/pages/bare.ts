/**
 * A peer connection and nothing else: what a call costs a browser at least. The SIP is just enough to be answered.
 */
import { callButton, failed, parameters, passHeaders } from './contender.js';

const page = parameters();
const uri = `sip:${page.target}@${page.domain}`;
const callId = crypto.randomUUID();
const fromTag = crypto.randomUUID();
const pc = new RTCPeerConnection({ iceServers: [] });
const local = new MediaStream();
const remote = new MediaStream();
let to = `<${uri}>`;
let contact = uri;
let socket: WebSocket;

function send(method: string, sequence: number, extra: readonly string[], body = ''): void {
  socket.send(
    [
      `${method} ${contact} SIP/2.0`,
      `Via: SIP/2.0/WS bare.invalid;branch=z9hG4bK${crypto.randomUUID()}`,
      'Max-Forwards: 70',
      `From: <sip:anonymous@${page.domain}>;tag=${fromTag}`,
      `To: ${to}`,
      `Call-ID: ${callId}`,
      `CSeq: ${sequence} ${method}`,
      'Contact: <sip:bare@bare.invalid;transport=ws>',
      ...extra,
      `Content-Length: ${new TextEncoder().encode(body).length}`,
      '',
      body,
    ].join('\r\n'),
  );
}

async function receive(text: string): Promise<void> {
  if (!/^SIP\/2.0 2/.test(text) || !/^CSeq: *\d+ INVITE/im.test(text)) return;
  to = /^To: *(.*)$/im.exec(text)?.[1]?.trim() ?? to;
  contact = /^Contact: *<([^>]*)>/im.exec(text)?.[1] ?? contact;
  send('ACK', 1, []);
  await pc.setRemoteDescription({ type: 'answer', sdp: text.slice(text.indexOf('\r\n\r\n') + 4) });
}

function show(stream: MediaStream, className: string): void {
  const video = document.createElement('video');
  video.className = className;
  video.autoplay = video.playsInline = true;
  video.muted = className === 'own';
  video.srcObject = stream;
  document.body.append(video);
}

async function call(): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    video: page.video && { width: 640, height: 480, frameRate: 30, facingMode: 'user' },
  });
  for (const track of stream.getTracks()) {
    local.addTrack(track);
    pc.addTrack(track, local);
  }
  const gathered = new Promise<void>((resolve) => {
    pc.onicegatheringstatechange = () => {
      if (pc.iceGatheringState === 'complete') resolve();
    };
  });
  await pc.setLocalDescription();
  await gathered;
  const headers = [...passHeaders(page), 'Content-Type: application/sdp'];
  send('INVITE', 1, headers, pc.localDescription?.sdp);
}

pc.ontrack = ({ track }) => {
  remote.addTrack(track);
  if (track.kind === 'audio') show(new MediaStream([track]), 'sound');
  else show(new MediaStream([track]), 'remote');
};

callButton(() => {
  if (page.video) show(local, 'own');
  void call().catch(failed);
});

globalThis.contender = {
  prepare: () =>
    new Promise((resolve) => {
      socket = new WebSocket(page.server, 'sip');
      socket.onopen = () => resolve();
      socket.onmessage = ({ data }: MessageEvent<string>) => void receive(data).catch(failed);
    }),
  hangUp: () => send('BYE', 2, []),
};
