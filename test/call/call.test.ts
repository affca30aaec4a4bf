import { expect } from 'chai';
import { MEDIA_TIMEOUT_MS } from '../../src/call/attempt.js';
import { Call } from '../../src/call/call.js';
import { CallError } from '../../src/call/errors.js';
import { RECONNECT_TIMEOUT_MS, SIGNALLING_TIMEOUT_MS } from '../../src/call/recovery.js';
import { admitted, answered, REQUEST, scene, settle } from '../support/call-scene.js';
import { CONFIG, createFakeWorld, PASS } from '../support/fake-ports.js';

describe('a browser that makes no peer connection', () => {
  it('is told of at the call, not when the form opens, and leaves nothing open', async () => {
    const world = createFakeWorld();
    const { createMedia } = world;
    let able = false;
    const restricted: typeof world = {
      ...world,
      createMedia(...values) {
        if (!able) throw new CallError('webrtc-unsupported', 'no');
        return createMedia(...values);
      },
    };
    const call = new Call(restricted, () => {});
    call.prepare(CONFIG);
    expect(call.snapshot.state).to.equal('idle');
    await call.start(CONFIG, REQUEST);
    expect(call.snapshot.state).to.equal('ended');
    expect(call.snapshot.outcome).to.include({ reason: 'webrtc-unsupported', early: true });
    expect(world.signallings).to.have.length(0);
    able = true;
    void call.start(CONFIG, REQUEST);
    await settle();
    expect(call.snapshot.state).to.equal('requesting-media');
    call.dispose();
  });
});

describe('a call', () => {
  it('begins with the devices that were chosen before it, tones included', async () => {
    const { world, call } = scene();
    const devices = new Map([
      ['audioinput', 'headset'],
      ['audiooutput', 'headset'],
    ] as const);
    void call.start(CONFIG, { ...REQUEST, devices });
    await settle();
    expect(world.medias[0]!.wanted).to.deep.equal({
      audio: true,
      video: false,
      preferred: devices,
    });
    expect(world.sounds.slice(0, 2)).to.deep.equal(['unlock', 'on headset']);
    call.dispose();
  });

  it('goes through media, CAPTCHA, pass and INVITE in this order', async () => {
    const on = scene();
    const { world, call, states } = on;
    void call.start(CONFIG, REQUEST);
    await settle();
    expect(call.snapshot.state).to.equal('requesting-media');
    expect(world.captchas.asked).to.have.length(0);
    world.medias[0]!.opened[0]!.resolve({ video: false });
    await settle();
    expect(call.snapshot.state).to.equal('verifying');
    world.captchas.asked[0]!.resolve({ value: 'token', issuedAt: 0 });
    await settle();
    expect(call.snapshot.state).to.equal('authorizing');
    expect(world.passes.asked[0]!.request).to.deep.equal({
      target: 'sales',
      provider: 'altcha',
      token: 'token',
      name: 'Ada',
    });
    world.passes.asked[0]!.pass.resolve(PASS);
    await settle();
    const { request, events, sent, dialog } = world.signallings[0]!.invites[0]!;
    expect(request).to.include({
      targetUri: 'sip:sales@sip.example.com',
      domain: 'sip.example.com',
      displayName: 'Ada',
      callId: 'call-1',
      pass: PASS,
      userToUser: null,
    });
    sent.resolve(dialog);
    await settle();
    events.onRinging();
    events.onAnswered();
    expect(states()).to.deep.equal([
      'requesting-media',
      'verifying',
      'authorizing',
      'connecting',
      'ringing',
      'established',
    ]);
    expect(call.snapshot.callId).to.equal('call-1');
  });

  it('asks media and pass side by side where permission is granted', async () => {
    const on = scene(true);
    void on.call.start(CONFIG, REQUEST);
    await settle();
    expect(on.world.medias[0]!.opened).to.have.length(1);
    expect(on.world.captchas.asked).to.have.length(1);
  });

  it('asks for the devices before anything else of a call, and in the task of the press', () => {
    const { world, call } = scene();
    void call.start(CONFIG, REQUEST);
    expect(world.medias[0]!.calls).to.deep.equal(['open audio', 'play']);
  });

  it('makes the offer as soon as the pass is there, while the devices are still being opened', async () => {
    const on = scene(true);
    void on.call.start({ ...CONFIG, captcha: 'none' }, REQUEST);
    await settle();
    const media = on.world.medias[0]!;
    expect(media.calls).not.to.include('prepareOffer');
    on.world.passes.asked[0]!.pass.resolve({ ...PASS, iceServers: [{ urls: 'stun:x' }] });
    await settle();
    expect(media.configured).to.deep.equal({ servers: [{ urls: 'stun:x' }], relayOnly: false });
    expect(media.calls).to.include('prepareOffer');
    expect(on.world.signallings[0]!.invites).to.have.length(0);
    media.opened[0]!.resolve({ video: false });
    await settle();
    expect(on.world.signallings[0]!.invites).to.have.length(1);
  });

  it('makes no offer ahead where the visitor may have to be asked: addresses are withheld until then', async () => {
    const on = scene();
    await admitted(on);
    expect(on.world.medias[0]!.calls).not.to.include('prepareOffer');
  });

  it('a microphone that fails while the pass is on its way ends at the form, and is no loose end', async () => {
    const on = scene(true);
    void on.call.start({ ...CONFIG, captcha: 'none' }, REQUEST);
    on.world.medias[0]!.opened[0]!.reject(new CallError('microphone-busy', 'in use'));
    await settle();
    expect(on.call.snapshot.outcome).to.include({ reason: 'microphone-busy', early: true });
    expect(on.world.medias[0]!.closed).to.equal(1);
  });

  it('opens the way to the gate with the form, and again when the press is near', () => {
    const { world, call } = scene();
    call.warm();
    expect(world.passes.warmed).to.equal(0);
    call.prepare(CONFIG);
    expect(world.passes.warmed).to.equal(1);
    call.warm();
    expect(world.passes.warmed).to.equal(2);
  });

  it('unlocks sound in the same task as the press', () => {
    const { world, call } = scene();
    void call.start(CONFIG, REQUEST);
    expect(world.sounds).to.include('unlock');
    expect(world.medias[0]!.calls).to.include('play');
  });

  for (const prepared of [true, false]) {
    it(`ended by who is told of its start opens no device${prepared ? '' : ', prepared or not'}`, async () => {
      const world = createFakeWorld();
      const states: string[] = [];
      const call = new Call(world, ({ state }) => {
        states.push(state);
        if (state === 'requesting-media') call.end();
      });
      if (prepared) call.prepare(CONFIG);
      await call.start(CONFIG, REQUEST);
      await settle();
      expect(states).to.deep.equal(['requesting-media', 'ending', 'ended']);
      expect(world.medias.map(({ calls, closed }) => [calls, closed])).to.deep.equal(
        prepared ? [[[], 1]] : [],
      );
      expect(world.clock.pending).to.equal(0);
    });
  }

  it('skips CAPTCHA and pass without a gate', async () => {
    const on = scene();
    const { request } = await admitted(on, {
      ...CONFIG,
      gate: null,
      captcha: 'none',
      target: 'tel:+1 (555) 010',
    });
    expect(on.states()).to.deep.equal(['requesting-media', 'connecting']);
    expect(request.pass).to.equal(null);
    expect(request.targetUri).to.equal('sip:+1555010@sip.example.com;user=phone');
  });

  it('uses what the pass says: servers, domain, ICE servers', async () => {
    const on = scene();
    void on.call.start(CONFIG, REQUEST);
    await settle();
    on.world.medias[0]!.opened[0]!.resolve({ video: false });
    await settle();
    on.world.captchas.asked[0]!.resolve({ value: 't', issuedAt: 0 });
    await settle();
    on.world.passes.asked[0]!.pass.resolve({
      ...PASS,
      server: 'wss://a.example wss://b.example',
      domain: 'pbx.example',
      iceServers: [{ urls: 'turn:t.example' }],
    });
    await settle();
    const [signalling] = on.world.signallings;
    expect(signalling!.servers).to.deep.equal(['wss://a.example', 'wss://b.example']);
    expect(signalling!.invites[0]!.request.targetUri).to.equal('sip:sales@pbx.example');
    expect(on.world.medias[0]!.configured).to.deep.equal({
      servers: [{ urls: 'turn:t.example' }],
      relayOnly: false,
    });
  });

  it('carries the context as RFC 7433 hexadecimal', async () => {
    const on = scene();
    void on.call.start(
      { ...CONFIG, gate: null, captcha: 'none' },
      { ...REQUEST, context: '{"ä":1}' },
    );
    await settle();
    on.world.medias[0]!.opened[0]!.resolve({ video: false });
    await settle();
    expect(on.world.signallings[0]!.invites[0]!.request.userToUser).to.equal(
      '7b22c3a4223a317d;encoding=hex;purpose=call-button',
    );
  });

  it('prepares without a device, and reuses what was prepared', async () => {
    const on = scene();
    on.call.prepare(CONFIG);
    expect(on.world.signallings[0]!.connects).to.equal(1);
    expect(on.world.medias[0]!.calls).to.deep.equal([]);
    await admitted(on);
    expect(on.world.medias).to.have.length(1);
    expect(on.world.signallings).to.have.length(1);
  });

  it('closes what was prepared when it is discarded, or when the configuration changed', async () => {
    const on = scene();
    on.call.prepare(CONFIG);
    on.call.discard();
    await settle();
    expect([on.world.medias[0]!.closed, on.world.signallings[0]!.closed]).to.deep.equal([1, 1]);
    on.call.prepare(CONFIG);
    await admitted(on, { ...CONFIG, target: 'support' });
    expect([on.world.medias[1]!.closed, on.world.signallings[1]!.closed]).to.deep.equal([1, 1]);
    expect(on.world.signallings[2]!.invites[0]!.request.targetUri).to.equal(
      'sip:support@sip.example.com',
    );
  });

  it('a second start changes nothing while the first is on', async () => {
    const on = scene();
    void on.call.start(CONFIG, REQUEST);
    void on.call.start(CONFIG, REQUEST);
    await settle();
    expect(on.world.medias).to.have.length(1);
    expect(on.world.medias[0]!.opened).to.have.length(1);
  });

  for (const [at, steps] of [
    ['the permission prompt', 0],
    ['the CAPTCHA', 1],
    ['the pass', 2],
    ['the offer', 3],
    ['ringing', 4],
    ['the call', 5],
  ] as const) {
    it(`ended during ${at} leaves nothing open and says so once`, async () => {
      const on = scene();
      const { world, call } = on;
      call.prepare(CONFIG);
      void call.start(CONFIG, REQUEST);
      await settle();
      const media = world.medias[0]!;
      if (steps > 0) media.opened[0]!.resolve({ video: false });
      await settle();
      if (steps > 1) world.captchas.asked[0]!.resolve({ value: 't', issuedAt: 0 });
      await settle();
      if (steps > 2) world.passes.asked[0]!.pass.resolve(PASS);
      await settle();
      const invite = world.signallings[0]!.invites[0];
      if (steps > 3) invite!.sent.resolve(invite!.dialog);
      await settle();
      if (steps > 3) invite!.events.onRinging();
      if (steps > 4) invite!.events.onAnswered();
      call.end();
      expect(media.closed).to.equal(1);
      expect(world.clock.pending).to.equal(0);
      invite?.dialog.drained.resolve(undefined);
      await settle();
      expect(call.snapshot.state).to.equal('ended');
      expect(call.snapshot.outcome).to.include({
        reason: steps > 4 ? 'hung-up' : 'cancelled',
        early: steps < 3,
      });
      expect(world.signallings[0]!.closed).to.equal(1);
      if (steps > 3) expect(invite!.dialog.ended).to.equal(1);
      // everything that comes too late is dropped
      const { length } = on.snapshots;
      invite?.events.onAnswered();
      invite?.events.onEnded({ reason: 'busy' });
      media.events.onConnected();
      media.report();
      call.end();
      await settle();
      expect(on.snapshots).to.have.length(length);
    });
  }

  it('ends a dialog that comes into being after the end', async () => {
    const on = scene();
    const { dialog, sent, events } = await admitted(on);
    // a port that does not honour the signal in time
    on.call.end();
    sent.resolve(dialog);
    events.onRinging();
    await settle();
    expect(on.call.snapshot.state).to.equal('ended');
  });

  it('waits for the far end before it is ended, and the socket closes last', async () => {
    const on = scene();
    const { dialog, signalling, media } = await answered(on);
    on.world.clock.advance(5000);
    on.call.end();
    expect(on.call.snapshot.state).to.equal('ending');
    expect(media.closed).to.equal(1);
    expect(signalling.closed).to.equal(0);
    dialog.drained.resolve(undefined);
    await settle();
    expect(on.call.snapshot.state).to.equal('ended');
    expect(signalling.closed).to.equal(1);
    expect(on.call.snapshot.outcome).to.include({ durationMs: 5000, reason: 'hung-up' });
  });

  it('rings until the limit, then nobody answered', async () => {
    const on = scene();
    const { events, dialog, sent } = await admitted(on);
    sent.resolve(dialog);
    await settle();
    on.world.clock.advance(30_000);
    events.onRinging();
    expect(on.world.sounds).to.include('ringback');
    on.world.clock.advance(59_999);
    expect(on.call.snapshot.state).to.equal('ringing');
    on.world.clock.advance(1);
    expect(on.call.snapshot.outcome).to.include({ reason: 'no-answer' });
    expect(dialog.ended).to.equal(1);
  });

  it('early media silences the local ringback tone', async () => {
    const on = scene();
    const { events } = await admitted(on);
    events.onRinging();
    const { length } = on.world.sounds;
    events.onEarlyMedia();
    expect(on.world.sounds.slice(length)).to.deep.equal(['quiet']);
    expect(on.call.snapshot.state).to.equal('early-media');
  });

  it('answered without media ends with media-timeout', async () => {
    const on = scene();
    const { events, dialog, sent } = await admitted(on);
    sent.resolve(dialog);
    await settle();
    events.onAnswered();
    on.world.clock.advance(MEDIA_TIMEOUT_MS - 1);
    expect(on.call.snapshot.state).to.equal('established');
    on.world.clock.advance(1);
    expect(on.call.snapshot.outcome).to.include({ reason: 'media-timeout' });
    expect(dialog.ended).to.equal(1);
  });

  it('media that is up before the answer needs no timeout', async () => {
    const on = scene();
    const { events, media, sent, dialog } = await admitted(on);
    sent.resolve(dialog);
    await settle();
    media.events.onConnected();
    events.onAnswered();
    on.world.clock.advance(MEDIA_TIMEOUT_MS * 3);
    expect(on.call.snapshot.state).to.equal('established');
  });

  it('is held and retrieved by the far end', async () => {
    const on = scene();
    const { media } = await answered(on);
    media.report({ held: true });
    expect(on.call.snapshot.state).to.equal('held');
    media.report();
    expect(on.call.snapshot.state).to.equal('established');
  });

  it('lost media restarts ICE, comes back as it was, or is given up', async () => {
    const on = scene();
    const { media, dialog } = await answered(on);
    media.report({ held: true });
    media.events.onDisconnected();
    expect(on.call.snapshot.state).to.equal('reconnecting');
    expect(dialog.reinvites).to.deep.equal([true]);
    media.events.onConnected();
    expect(on.call.snapshot.state).to.equal('held');
    media.events.onDisconnected();
    on.world.clock.advance(RECONNECT_TIMEOUT_MS);
    expect(on.call.snapshot.outcome).to.include({ reason: 'connection-lost' });
  });

  it('tries ICE again 5 s after each try that brought nothing, refused or not, until the limit', async () => {
    const on = scene();
    const { media, dialog } = await answered(on);
    media.events.onDisconnected();
    expect(dialog.checks).to.equal(1);
    dialog.answer = () => Promise.reject(new CallError('media-not-supported', '488'));
    for (let tries = 1; tries <= 4; tries++) {
      await settle();
      expect(dialog.reinvites).to.have.length(tries);
      on.world.clock.advance(5_000);
    }
    media.events.onConnected();
    await settle();
    const { length } = dialog.reinvites;
    on.world.clock.advance(RECONNECT_TIMEOUT_MS);
    expect(dialog.reinvites).to.have.length(length);
    expect(on.call.snapshot.state).to.equal('established');
  });

  it('restarts ICE once more where the socket came back, or another network came, during a try', async () => {
    const on = scene();
    const { media, events, dialog } = await answered(on);
    const tries: (() => void)[] = [];
    dialog.answer = () => new Promise((resolve) => tries.push(resolve));
    media.events.onDisconnected();
    events.onTransportLost();
    events.onTransportRestored();
    for (const run of on.world.networkListeners) run();
    expect(dialog.reinvites).to.deep.equal([true, true]);
    for (const run of tries) run();
    await settle();
    on.world.clock.advance(5_000);
    expect(dialog.reinvites).to.have.length(3);
    on.world.clock.advance(RECONNECT_TIMEOUT_MS);
    expect(on.call.snapshot.outcome).to.include({ reason: 'connection-lost' });
    await settle();
    on.world.clock.advance(RECONNECT_TIMEOUT_MS);
    expect(dialog.reinvites).to.have.length(3);
  });

  it('on another network restarts ICE and asks the far end, without waiting for a loss', async () => {
    const on = scene();
    const { dialog } = await answered(on);
    for (const run of on.world.networkListeners) run();
    expect(dialog.reinvites).to.deep.equal([true]);
    expect(dialog.checks).to.equal(1);
    expect(on.call.snapshot.state).to.equal('established');
    on.call.end();
    expect(on.world.networkListeners.size).to.equal(0);
  });

  it('before the answer does nothing on another network', async () => {
    const on = scene();
    const { dialog, events } = await admitted(on);
    events.onRinging();
    for (const run of on.world.networkListeners) run();
    expect(dialog.reinvites).to.deep.equal([]);
  });

  it('a lost socket ends an unanswered call, and an answered one only after two minutes', async () => {
    const early = scene();
    (await admitted(early)).events.onTransportLost();
    expect(early.call.snapshot.outcome).to.include({ reason: 'connection-lost' });

    const on = scene();
    const { events, media } = await answered(on);
    events.onTransportLost();
    on.world.clock.advance(SIGNALLING_TIMEOUT_MS - 1);
    events.onTransportRestored();
    on.world.clock.advance(SIGNALLING_TIMEOUT_MS);
    expect(on.call.snapshot.state).to.equal('established');
    events.onTransportLost();
    // media that come and go in between are another matter
    media.events.onDisconnected();
    media.events.onConnected();
    on.world.clock.advance(SIGNALLING_TIMEOUT_MS);
    expect(on.call.snapshot.outcome).to.include({ reason: 'connection-lost' });
  });

  it('a refused pass asks the CAPTCHA once more for one new pass under a new Call-ID', async () => {
    const on = scene();
    const { events, media } = await admitted(on);
    events.onEnded({ reason: 'pass-refused', status: 403 });
    await settle();
    expect(on.call.snapshot.state).to.equal('verifying');
    expect(media.calls).to.include('rollback');
    on.world.captchas.asked[1]!.resolve({ value: 'again', issuedAt: 0 });
    await settle();
    on.world.passes.asked[1]!.pass.resolve(PASS);
    await settle();
    const second = on.world.signallings[0]!.invites[1]!;
    expect(second.request.callId).to.equal('call-2');
    second.events.onEnded({ reason: 'pass-refused', status: 403 });
    await settle();
    expect(on.call.snapshot.outcome).to.include({ reason: 'pass-refused', early: false });
    expect(on.world.captchas.asked).to.have.length(2);
  });

  it('a new pass without a CAPTCHA is for a call of another id, which the report has', async () => {
    const on = scene();
    const config = { ...CONFIG, captcha: 'none' } as const;
    const { events, sent, dialog } = await admitted(on, config);
    sent.resolve(dialog);
    await settle();
    events.onEnded({ reason: 'pass-refused', status: 403 });
    await settle();
    on.world.passes.asked[1]!.pass.resolve(PASS);
    await settle();
    const [, second] = on.world.signallings[0]!.invites;
    expect(second!.request.callId).to.equal('call-2');
    expect(on.call.snapshot).to.include({ state: 'connecting', callId: 'call-2' });
    on.call.end();
    expect(on.call.snapshot.report!.callId).to.equal('call-2');
  });

  it('a failed pass request spends the token and ends at the form', async () => {
    const on = scene();
    void on.call.start(CONFIG, REQUEST);
    await settle();
    on.world.medias[0]!.opened[0]!.resolve({ video: false });
    await settle();
    on.world.captchas.asked[0]!.resolve({ value: 't', issuedAt: 0 });
    await settle();
    on.world.passes.asked[0]!.pass.reject(
      new CallError('rate-limited', 'slow down', { status: 429, retryAfter: 30 }),
    );
    await settle();
    expect(on.world.captchas.resets).to.equal(1);
    expect(on.call.snapshot.outcome).to.deep.equal({
      reason: 'rate-limited',
      status: 429,
      retryAfter: 30,
      durationMs: 0,
      early: true,
    });
    expect(on.world.medias[0]!.closed).to.equal(1);
  });

  it('a refused microphone consumes no CAPTCHA and no pass', async () => {
    const on = scene();
    void on.call.start(CONFIG, REQUEST);
    await settle();
    on.world.medias[0]!.opened[0]!.reject(new CallError('microphone-denied', 'no'));
    await settle();
    expect(on.call.snapshot.outcome).to.include({ reason: 'microphone-denied', early: true });
    expect(on.world.captchas.asked).to.have.length(0);
  });

  it('what no port should throw still ends the call', async () => {
    const on = scene();
    const { sent } = await admitted(on);
    sent.reject(new TypeError('boom'));
    await settle();
    expect(on.call.snapshot.outcome).to.include({ reason: 'internal-error' });
    expect(on.world.medias[0]!.closed).to.equal(1);
  });

  it('sends digits to who announces before the answer, by RFC 4733', async () => {
    const on = scene();
    const { media, events } = await admitted(on);
    events.onRinging();
    on.call.sendDtmf('1');
    events.onEarlyMedia();
    on.call.pressKey('2');
    on.call.sendDtmf('3,4');
    expect(media.calls.filter((name) => name.startsWith('dtmf'))).to.deep.equal([
      'dtmf 2',
      'dtmf 3,4',
    ]);
    expect(on.world.sounds).to.include('2');
  });

  it('sends digits by RFC 4733, else by INFO, and only in a call', async () => {
    const on = scene();
    on.call.pressKey('1');
    const { media, dialog } = await answered(on);
    on.call.pressKey('2');
    media.dtmfNegotiated = false;
    on.call.sendDtmf('3, xa-4\r\n');
    on.call.sendDtmf('\r\n');
    expect(media.calls.filter((name) => name.startsWith('dtmf'))).to.deep.equal(['dtmf 2']);
    expect(dialog.infos, 'digits and pauses alone').to.deep.equal(['3,A4']);
    expect(on.world.sounds.filter((sound) => /\d/.test(sound))).to.deep.equal(['2']);
  });

  it('mutes the microphone at once, the camera when it really is off', async () => {
    const on = scene();
    const { media } = await answered(on, { ...CONFIG, media: 'video' }, true);
    on.call.setAudioMuted(true);
    expect(on.call.snapshot.audioMuted).to.equal(true);
    void on.call.setVideoMuted(true);
    expect(on.call.snapshot.videoMuted).to.equal(false);
    media.videoMuting!.resolve(undefined);
    await settle();
    expect(on.call.snapshot.videoMuted).to.equal(true);
    media.report({ localVideo: true });
    expect(on.call.snapshot.videoMuted).to.equal(false);
    // refused by the far end: the media session turns it off
    media.report({ localVideo: false });
    expect(on.call.snapshot.videoMuted).to.equal(true);
    void on.call.setVideoMuted(false);
    media.videoMuting!.reject(new CallError('microphone-denied', 'camera denied'));
    await settle();
    expect(on.call.snapshot).to.include({ videoMuted: true, notice: 'camera-unavailable' });
  });

  it('tells that nobody hears a muted visitor speak, until the microphone is open', async () => {
    const on = scene();
    const { media } = await answered(on);
    on.call.setAudioMuted(true);
    media.events.onMutedSpeech!();
    expect(on.call.snapshot.notice).to.equal('muted-speaking');
    on.call.setAudioMuted(false);
    expect(on.call.snapshot.notice).to.equal(null);
    media.events.onPlaybackBlocked();
    on.call.setAudioMuted(true);
    media.events.onMutedSpeech!();
    expect(on.call.snapshot.notice, 'matters more').to.equal('sound-blocked');
    on.call.setAudioMuted(false);
    expect(on.call.snapshot.notice, 'not its business').to.equal('sound-blocked');
  });

  it('tells of a blocked sound, a lost device and the quality', async () => {
    const on = scene();
    const { media } = await answered(on);
    media.events.onPlaybackBlocked();
    expect(on.call.snapshot.notice).to.equal('sound-blocked');
    media.events.onPlaying!();
    expect(on.call.snapshot.notice, 'allowed meanwhile').to.equal(null);
    media.events.onPlaybackBlocked();
    on.call.playSound();
    expect(on.call.snapshot.notice).to.equal(null);
    media.events.onDeviceLost('audio', false);
    expect(on.call.snapshot.notice).to.equal('microphone-lost');
    media.events.onDeviceLost('audio', true);
    expect(on.call.snapshot.notice).to.equal('microphone-replaced');
    media.events.onDeviceLost('video', false);
    expect(on.call.snapshot).to.include({ notice: 'camera-lost', videoMuted: true });
    const quality = { level: 'bad', reasons: ['loss'], loss: 0.2, jitter: 5, delay: 10 } as const;
    media.events.onQuality(quality);
    expect(on.call.snapshot.quality).to.equal(quality);
  });

  it('lists devices when asked, and again when there are others', async () => {
    const on = scene();
    const { media } = await answered(on);
    const device = { kind: 'audioinput', id: '1', label: 'Desk', selected: true } as const;
    media.available = [device];
    media.events.onDevicesChanged!();
    expect(on.call.snapshot.devices, 'nobody has asked').to.deep.equal([]);
    await on.call.listDevices();
    expect(on.call.snapshot.devices).to.deep.equal([device]);
    media.available = [];
    media.events.onDevicesChanged!();
    await settle();
    expect(on.call.snapshot.devices).to.deep.equal([]);
  });

  it('is as loud as the visitor says, once it is known that the browser takes it, and no longer than it lasts', async () => {
    const on = scene();
    const { media } = await answered(on);
    on.call.setVolume(0.5);
    expect([media.loudness, on.call.snapshot.volume], 'nobody has asked').to.deep.equal([1, null]);
    await on.call.listDevices();
    expect(on.call.snapshot.volume).to.equal(1);
    for (const volume of [0, 1.1, -1, NaN]) on.call.setVolume(volume);
    expect([media.loudness, on.call.snapshot.volume]).to.deep.equal([0, 0]);
    media.loudness = null;
    await on.call.listDevices();
    on.call.setVolume(0.5);
    expect([media.loudness, on.call.snapshot.volume], 'iOS').to.deep.equal([null, null]);
    media.loudness = 0.5;
    await on.call.listDevices();
    on.call.end();
    expect(on.call.snapshot.volume).to.equal(null);
  });

  it('begins as loud as is remembered', async () => {
    const { world, call } = scene();
    void call.start(CONFIG, { ...REQUEST, volume: 0.3 });
    await settle();
    expect(world.medias[0]!.loudness).to.equal(0.3);
    call.end();
    await settle();
    void call.start(CONFIG, { ...REQUEST, volume: null });
    await settle();
    expect(world.medias[1]!.loudness).to.equal(1);
    call.dispose();
  });

  it('changes a device, says so where it cannot be used, and lists what is in use', async () => {
    const on = scene();
    const { media } = await answered(on);
    media.available = [{ kind: 'audioinput', id: '2', label: 'Headset', selected: true }];
    const choosing = on.call.chooseDevice('audioinput', '2');
    media.choices[0]!.done.resolve();
    await choosing;
    expect(on.call.snapshot.devices).to.deep.equal(media.available);
    expect(on.call.snapshot.notice).to.equal(null);
    const failing = on.call.chooseDevice('audiooutput', '3');
    media.choices[1]!.done.reject(new CallError('internal-error', 'no'));
    await failing;
    expect(on.call.snapshot.notice).to.equal('device-unavailable');
    expect(on.world.sounds).not.to.include('on 3');
    const speaking = on.call.chooseDevice('audiooutput', '4');
    media.choices[2]!.done.resolve();
    await speaking;
    expect(on.world.sounds.at(-1), 'keys sound where the voice does').to.equal('on 4');
    const late = on.call.chooseDevice('audioinput', '2');
    on.call.end();
    await late;
    expect(on.call.snapshot).to.deep.include({ devices: [], notice: null });
  });

  it('can be made again after the end', async () => {
    const on = scene();
    const first = await answered(on);
    first.events.onEnded({ reason: 'remote-hung-up' });
    first.dialog.drained.resolve(undefined);
    await settle();
    expect(on.call.snapshot.state).to.equal('ended');
    const second = await answered(on);
    expect(second.media).not.to.equal(first.media);
    expect(on.call.snapshot).to.include({ state: 'established', callId: 'call-2', outcome: null });
    // the first call's reports concern nobody any more
    first.media.report({ held: true });
    first.events.onEnded({ reason: 'busy' });
    expect(on.call.snapshot.state).to.equal('established');
  });

  it('is over for good when disposed', async () => {
    const on = scene();
    const { media, dialog } = await answered(on);
    on.call.dispose();
    expect(dialog.ended).to.equal(1);
    expect(media.closed).to.equal(1);
    expect(on.world.sounds.at(-1)).to.equal('closed');
    expect(on.call.snapshot.outcome).to.include({ reason: 'removed' });
  });
});
