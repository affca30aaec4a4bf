import { expect } from 'chai';
import type { CallError } from '../../src/call/errors.js';
import type { CallEnd, Signalling, SignallingCall } from '../../src/call/ports.js';
import { createSignalling } from '../../src/sip/signalling.js';
import { createFakeMediaSession } from '../support/fake-media-session.js';
import { rejection } from '../support/rejection.js';
import { expectQuietPage } from '../support/sip-call.js';
import { until } from '../support/until.js';

const NEVER = new AbortController().signal;

interface RealCall {
  readonly signalling: Signalling;
  readonly call: SignallingCall;
  readonly log: string[];
  readonly ends: CallEnd[];
  /** What the server got. */
  received(): Promise<string[]>;
}

function server(behaviour: string): string {
  return `ws://${location.host}/sip-peer/${behaviour}`;
}

async function dial(...servers: string[]): Promise<RealCall> {
  const signalling = createSignalling({ servers });
  const log: string[] = [];
  const ends: CallEnd[] = [];
  const callId = crypto.randomUUID();
  const call = await signalling.invite(
    {
      targetUri: 'sip:sales@example.com',
      domain: 'example.com',
      displayName: 'Зоя',
      callId,
      pass: null,
      userToUser: null,
      media: createFakeMediaSession(),
    },
    {
      onRinging: () => log.push('ringing'),
      onEarlyMedia: () => log.push('early-media'),
      onAnswered: () => log.push('answered'),
      onEnded: (end) => ends.push(end),
      onTransportLost: () => log.push('lost'),
      onTransportRestored: () => log.push('restored'),
    },
    NEVER,
  );
  return {
    signalling,
    call,
    log,
    ends,
    received: async () => (await (await fetch(`/sip-peer/log/${callId}`)).json()) as string[],
  };
}

describe('over a real WebSocket', () => {
  expectQuietPage();

  for (const frames of ['text', 'binary']) {
    it(`a call is answered and hung up, in ${frames} frames`, async () => {
      const { call, signalling, log, ends, received } = await dial(server(frames));
      await until(() => log.includes('answered'));
      await call.end();
      signalling.close();
      await until(async () => (await received()).at(-1)?.startsWith('closed'));
      expect(await received()).to.deep.equal(['INVITE', 'ACK', 'BYE', 'closed 1005']);
      expect(log).to.deep.equal(['answered']);
      expect(ends).to.deep.equal([]);
    });
  }

  it('BYE leaves before the socket closes, though nobody waits', async () => {
    const { call, signalling, log, received } = await dial(server('text'));
    await until(() => log.includes('answered'));
    void call.end();
    signalling.close();
    await until(async () => (await received()).at(-1)?.startsWith('closed'));
    expect(await received()).to.include('BYE');
  });

  it('a refused handshake leads to the next server, or to an error', async () => {
    const { call, signalling, log } = await dial(server('refuse'), server('text'));
    await until(() => log.includes('answered'));
    await call.end();
    signalling.close();
    const error = await rejection(dial(server('refuse')));
    expect((error as CallError).reason).to.equal('gateway-unreachable');
  });

  it('a port where nobody listens, and an address that is none, are errors', async () => {
    for (const url of ['ws://127.0.0.1:9', 'wss://', 'nonsense']) {
      const error = await rejection(dial(url));
      expect((error as CallError).reason, url).to.equal('gateway-unreachable');
    }
  });

  it('a call survives the loss of its socket', async () => {
    const { call, signalling, log, ends, received } = await dial(server('drop'));
    await until(() => log.includes('restored'));
    expect(log).to.deep.equal(['answered', 'lost', 'restored']);
    // the new offer that shows the far end the way, answered and acknowledged
    await until(async () => (await received()).filter((entry) => entry === 'ACK').length === 2);
    await call.end();
    signalling.close();
    await until(async () => (await received()).at(-1) === 'closed 1005');
    expect(await received()).to.deep.equal([
      'INVITE',
      'ACK',
      'closed 1006',
      'INVITE',
      'ACK',
      'BYE',
      'closed 1005',
    ]);
    expect(ends).to.deep.equal([]);
  });
});
