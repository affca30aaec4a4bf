import { expect } from 'chai';
import { createTransport, type SipTransport } from '../../src/sip/transport.js';
import type { SipMessage } from '../../src/sip/message.js';
import { createManualClock } from '../support/manual-clock.js';
import { expectQuietPage, turn } from '../support/sip-call.js';
import { SipPeer } from '../support/sip-peer.js';

const NEVER = new AbortController().signal;
const OPTIONS = [
  'OPTIONS sip:a@b SIP/2.0',
  'Via: SIP/2.0/WSS g.example;branch=z9hG4bK1',
  'From: "Zoë" <sip:x@y>;tag=1',
  'To: <sip:a@b>',
  'Call-ID: 1',
  'CSeq: 1 OPTIONS',
  '',
  '',
].join('\r\n');

async function connected(): Promise<{
  peer: SipPeer;
  transport: SipTransport;
  messages: SipMessage[];
}> {
  const peer = new SipPeer();
  const messages: SipMessage[] = [];
  const transport = createTransport({
    servers: ['wss://sip.example.com'],
    webSocket: peer.WebSocket,
    clock: createManualClock(),
    random: () => 0.5,
  });
  transport.listener = {
    onMessage: (message) => void messages.push(message),
    onLost() {},
    onRestored() {},
  };
  await transport.open(NEVER);
  return { peer, transport, messages };
}

describe('frames', () => {
  expectQuietPage();

  it('are read as text and as binary', async () => {
    const { peer, transport, messages } = await connected();
    expect(peer.socket.binaryType).to.equal('arraybuffer');
    peer.socket.deliver(OPTIONS);
    peer.socket.deliver(new TextEncoder().encode(OPTIONS).buffer);
    expect(messages).to.have.length(2);
    expect(messages[1]).to.deep.equal(messages[0]);
    expect(transport.dropped).to.equal(0);
  });

  it('answer a CRLF ping with a CRLF pong, and a pong with nothing', async () => {
    const { peer, transport } = await connected();
    peer.socket.deliver('\r\n\r\n');
    expect(peer.pings).to.deep.equal(['\r\n']);
    peer.socket.deliver('\r\n');
    peer.socket.deliver(new TextEncoder().encode('\r\n\r\n').buffer);
    expect(peer.pings).to.deep.equal(['\r\n', '\r\n']);
    expect(transport.dropped).to.equal(0);
  });

  it('are dropped and counted when they are too long, empty, broken or of an odd kind', async () => {
    const { peer, transport, messages } = await connected();
    const padded = (length: number): string => OPTIONS + 'x'.repeat(length - OPTIONS.length);
    const frames: unknown[] = [
      '',
      ' ',
      'nonsense',
      'x'.repeat(65_537),
      padded(65_537),
      new TextEncoder().encode(padded(65_536)).buffer,
      new ArrayBuffer(0),
      new ArrayBuffer(1_000_000),
      new Uint8Array([0xff, 0xfe, 0xc3, 0x28, 0xf0]).buffer,
      new Blob([OPTIONS]),
      null,
      undefined,
      42,
      {},
    ];
    for (const frame of frames) peer.socket.deliver(frame);
    expect(transport.dropped).to.equal(frames.length);
    expect(messages).to.deep.equal([]);
    peer.socket.deliver(padded(65_536));
    expect(messages).to.have.length(1);
  });

  it('go on after a listener or SIP.js has thrown', async () => {
    const { peer, transport } = await connected();
    let calls = 0;
    const fail = (): never => {
      calls++;
      throw new Error('listener');
    };
    transport.listener = { onMessage: fail, onLost: fail, onRestored: fail };
    peer.socket.deliver(OPTIONS);
    peer.socket.deliver(OPTIONS);
    peer.socket.drop();
    expect(calls).to.equal(3);
    await turn();
    await transport.open(NEVER);
    expect(peer.sockets).to.have.length(2);
  });
});

describe('closing the transport', () => {
  expectQuietPage();

  it('lets go of the socket: what it does later is nobody’s business', async () => {
    const { peer, transport, messages } = await connected();
    const { socket } = peer;
    transport.close();
    expect(socket.state).to.equal('closed');
    expect([socket.onopen, socket.onmessage, socket.onclose, socket.onerror]).to.deep.equal([
      null,
      null,
      null,
      null,
    ]);
    expect(messages).to.deep.equal([]);
    expect(transport.usable).to.equal(false);
  });

  it('survives a socket whose close() throws', async () => {
    const { peer, transport } = await connected();
    peer.socket.close = () => {
      throw new Error('close');
    };
    transport.close();
    expect(transport.usable).to.equal(false);
  });

  it('fails what is sent afterwards instead of keeping it', async () => {
    const { transport } = await connected();
    transport.close();
    let failed = false;
    await transport.sip.send(OPTIONS).catch(() => {
      failed = true;
    });
    expect(failed).to.equal(true);
  });
});
