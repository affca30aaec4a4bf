import { expect } from 'chai';
import type { CallError } from '../../src/call/errors.js';
import type { DeviceAccess, DeviceKind } from '../../src/call/ports.js';
import { createDeviceCheck, type DeviceCheck } from '../../src/media/device-check.js';
import { listDevices, openDevices, permissionGranted } from '../../src/media/devices.js';
import { type DeviceDesk, prompt, watchDevices } from '../support/devices.js';
import { rejection } from '../support/rejection.js';
import { until } from '../support/until.js';

const access: DeviceAccess = { open: openDevices, list: listDevices, permissionGranted };

describe('a check of the devices', () => {
  const { Audio, AudioContext } = globalThis;
  let desk: DeviceDesk;
  let chosen: Map<DeviceKind, string>;
  let check: DeviceCheck;
  let audios: HTMLAudioElement[];
  let contexts: AudioContext[];

  beforeEach(() => {
    desk = watchDevices();
    [audios, contexts] = [[], []];
    globalThis.Audio = new Proxy(Audio, {
      construct(target) {
        const audio = new target();
        audios.push(audio);
        return audio;
      },
    });
    globalThis.AudioContext = new Proxy(AudioContext, {
      construct(target) {
        const context = new target();
        contexts.push(context);
        return context;
      },
    });
    chosen = new Map();
    check = createDeviceCheck(access, chosen);
  });
  afterEach(() => {
    check.close();
    desk.restore();
    Object.assign(globalThis, { Audio, AudioContext });
  });

  it('opens nothing before it is asked', () => {
    expect(desk.requests).to.deep.equal([]);
  });

  it('measures the microphone: the browser’s fake one beeps', async () => {
    await check.open(false);
    expect(check.picture).to.equal(null);
    let [least, most] = [1, 0];
    await until(() => {
      const level = check.level();
      [least, most] = [Math.min(least, level), Math.max(most, level)];
      return most > 0.5 && least < 0.2;
    });
    expect(most).to.be.at.most(1);
    expect(least).to.be.at.least(0);
  });

  it('has a picture where one was asked for, and the microphone alone where there is no camera', async () => {
    await check.open(true);
    expect(check.picture!.getVideoTracks()).to.have.length(1);
    const blind = createDeviceCheck(access, new Map());
    desk.answer((constraints, real) =>
      constraints.video ? Promise.reject(new DOMException('', 'NotFoundError')) : real(constraints),
    );
    await blind.open(true);
    expect(blind.picture).to.equal(null);
    blind.close();
  });

  it('says why there is no microphone', async () => {
    desk.answer(() => Promise.reject(new DOMException('', 'NotAllowedError')));
    const error = await rejection(check.open(false));
    expect((error as CallError).reason).to.equal('microphone-denied');
    expect(desk.live()).to.deep.equal([]);
  });

  it('begins with what was chosen before, and with another where that is gone', async () => {
    chosen.set('audioinput', 'gone').set('audiooutput', 'gone');
    await check.open(false);
    expect(desk.requests).to.have.length(2);
    expect(desk.live()).to.have.length(1);
    expect(chosen.has('audiooutput')).to.equal(false);
  });

  it('uses another microphone and camera, and lets go of those before', async () => {
    await check.open(true);
    const [microphone, camera] = desk.live();
    for (const kind of ['audioinput', 'videoinput'] as const) {
      const others = (await check.devices()).filter((each) => each.kind === kind && !each.selected);
      await check.choose(kind, others[0]!.id);
      const now = (await check.devices()).find((each) => each.kind === kind && each.selected);
      expect(now!.id).to.equal(others[0]!.id).and.equal(chosen.get(kind));
    }
    expect([microphone!.readyState, camera!.readyState]).to.deep.equal(['ended', 'ended']);
    expect(desk.live()).to.have.length(2);
  });

  it('stays with what it has where another cannot be used', async () => {
    await check.open(false);
    for (const kind of ['audioinput', 'audiooutput'] as const) {
      await rejection(check.choose(kind, 'no such device'));
      expect(chosen.has(kind)).to.equal(false);
    }
    expect(desk.live()).to.have.length(1);
  });

  it('plays a sound through the chosen speaker, and is done when that is over', async () => {
    await check.open(false);
    const speakers = (await check.devices()).filter(({ kind }) => kind === 'audiooutput');
    const speaker = speakers.at(-1)!.id;
    await check.choose('audiooutput', speaker);
    expect(audios[0]!.sinkId).to.equal(speaker);
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(audios[0]!.srcObject as MediaStream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const loudest = (): number => {
      analyser.getFloatTimeDomainData(samples);
      return Math.max(...samples);
    };
    const played = check.play();
    await until(() => loudest() > 0.05 && !audios[0]!.paused);
    await played;
    await until(() => loudest() < 0.01 && audios[0]!.paused);
    await context.close();
  });

  it('rejects where the browser plays nothing', async () => {
    audios[0]!.play = () => Promise.reject(new DOMException('', 'NotAllowedError'));
    expect(await rejection(check.play())).to.have.property('name', 'NotAllowedError');
  });

  it('closes all of it at once, a sound in the middle and a prompt that nobody answered included', async () => {
    await check.open(true);
    const playing = check.play();
    await until(() => !audios[0]!.paused);
    check.close();
    check.close();
    await playing;
    expect(desk.live()).to.deep.equal([]);
    expect(audios[0]!.srcObject).to.equal(null);
    await until(() => contexts.every(({ state }) => state === 'closed'));
    const late = createDeviceCheck(access, new Map());
    const question = prompt(desk);
    const opening = rejection(late.open(true));
    await until(question.asked);
    late.close();
    question.allow();
    expect(await opening).to.have.property('name', 'AbortError');
    await until(() => desk.tracks.length > 2 && desk.live().length === 0);
  });
});
