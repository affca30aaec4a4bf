import { expect } from 'chai';
import { CallError } from '../../src/call/errors.js';
import type { QualityReport } from '../../src/call/ports.js';
import { admitted, answered, REQUEST, scene, settle } from '../support/call-scene.js';
import { CONFIG } from '../support/fake-ports.js';

const PATH = {
  local: 'host',
  remote: 'relay',
  protocol: 'udp',
  relayProtocol: null,
  codecs: ['audio/opus'],
};

const quality = (change: Partial<QualityReport>): QualityReport => ({
  level: 'good',
  reasons: [],
  loss: 0,
  jitter: 1,
  delay: 10,
  ...change,
});

describe('the report of a call', () => {
  it('has the time of each step since the press on Call', async () => {
    const on = scene();
    const { clock } = on.world;
    clock.advance(5000);
    const { media, events, sent, dialog } = await admitted(on);
    clock.advance(10);
    sent.resolve(dialog);
    await settle();
    for (const [wait, step] of [
      [20, () => events.onResponse!(100)],
      [30, () => events.onRinging()],
      [40, () => events.onEarlyMedia()],
      [50, () => events.onAnswered()],
      [60, () => media.events.onConnected()],
      [70, () => media.events.onFirstPacket!()],
      // what happens again changes nothing
      [80, () => media.events.onFirstPacket!()],
    ] as const) {
      clock.advance(wait);
      step();
    }
    on.call.end();
    expect(on.call.snapshot.report!.timings).to.deep.equal({
      media: 0,
      captcha: 0,
      pass: 0,
      invite: 10,
      response: 30,
      ringing: 60,
      'early-media': 100,
      answer: 150,
      connected: 210,
      packet: 280,
    });
  });

  it('leaves out steps that a call did not need or reach', async () => {
    const on = scene();
    await admitted(on, { ...CONFIG, captcha: 'none', gate: null });
    on.call.end();
    expect(on.call.snapshot.report).to.deep.include({
      callId: 'call-1',
      reason: 'cancelled',
      status: null,
      state: 'connecting',
      browser: 'Test 1',
      sipStatuses: [],
      path: null,
      worstQuality: null,
      loss: null,
      jitter: null,
      roundTrip: null,
    });
    expect(on.call.snapshot.report!.timings).to.include({
      media: 0,
      captcha: null,
      pass: null,
      invite: null,
      packet: null,
    });
  });

  it('has what was measured last and worst, the path, and what was lost', async () => {
    const on = scene();
    const { media, events } = await answered(on);
    media.events.onPath!(PATH);
    media.events.onQuality(quality({ level: 'bad', loss: 0.2, jitter: 70, delay: null }));
    media.events.onQuality(quality({ level: 'medium', jitter: null, delay: 45 }));
    media.events.onDisconnected();
    media.events.onConnected();
    events.onTransportLost();
    events.onTransportRestored();
    on.call.end();
    expect(on.call.snapshot.report).to.deep.include({
      path: PATH,
      worstQuality: 'bad',
      loss: { last: 0, worst: 0.2 },
      jitter: { last: 70, worst: 70 },
      roundTrip: { last: 90, worst: 90 },
      mediaLosses: 1,
      socketLosses: 1,
      iceRestarts: 1,
    });
  });

  it('has the SIP statuses in order, each once while it repeats, and not without an end', async () => {
    const on = scene();
    const { events, sent, dialog } = await admitted(on);
    sent.resolve(dialog);
    await settle();
    for (const status of [100, 180, 180, 183, 180, 486]) events.onResponse!(status);
    for (let i = 0; i < 100; i += 1) events.onResponse!(400 + i);
    events.onEnded({ reason: 'busy', status: 486 });
    const { report } = on.call.snapshot;
    expect(report!.sipStatuses.slice(0, 5)).to.deep.equal([100, 180, 183, 180, 486]);
    expect(report!.sipStatuses).to.have.length(32);
    expect(report).to.include({ reason: 'busy', status: 486 });
  });

  it('is there when a call fails before anything was sent, and anew for the next call', async () => {
    const on = scene();
    void on.call.start(CONFIG, REQUEST);
    await settle();
    on.world.medias[0]!.opened[0]!.reject(new CallError('microphone-denied', 'no'));
    await settle();
    expect(on.call.snapshot.report).to.include({
      callId: null,
      reason: 'microphone-denied',
      state: 'requesting-media',
    });
    on.world.clock.advance(1000);
    await admitted(on);
    expect(on.call.snapshot.report).to.equal(null);
    on.call.end();
    expect(on.call.snapshot.report!.timings.media).to.equal(0);
  });

  it('is plain JSON', async () => {
    const on = scene();
    await answered(on);
    on.call.end();
    const { report } = on.call.snapshot;
    expect(JSON.parse(JSON.stringify(report))).to.deep.equal(report);
  });
});
