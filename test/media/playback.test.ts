import { expect } from 'chai';
import { createPlayback, type Playback } from '../../src/media/playback.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { until } from '../support/until.js';

const { play } = HTMLMediaElement.prototype;

describe('createPlayback', () => {
  let clock: ManualClock;
  let blocked: number;
  let playing: number;
  let playback: Playback;
  let sound: AudioContext;
  /** What play() was called on. */
  let elements: HTMLMediaElement[];
  /** Answers for the next calls of play(): the name of an error. */
  let failures: string[];

  beforeEach(() => {
    clock = createManualClock();
    blocked = playing = 0;
    elements = [];
    failures = [];
    sound = new AudioContext();
    HTMLMediaElement.prototype.play = function () {
      elements.push(this);
      const failure = failures.shift();
      if (failure === undefined) return play.call(this);
      // autoplay would hide that the call was not repeated
      this.autoplay = false;
      play.call(this).catch(() => {});
      this.onpause = null;
      this.pause();
      return Promise.reject(new DOMException('stubbed', failure));
    };
    playback = createPlayback(clock, {
      onPlaybackBlocked: () => blocked++,
      onPlaying: () => playing++,
    });
  });
  afterEach(async () => {
    playback.close();
    HTMLMediaElement.prototype.play = play;
    await sound.close();
  });

  function makeSound(): MediaStreamTrack {
    const oscillator = sound.createOscillator();
    const out = sound.createMediaStreamDestination();
    oscillator.connect(out);
    oscillator.start();
    return out.stream.getAudioTracks()[0]!;
  }
  const element = (): HTMLMediaElement => elements[0]!;
  async function plays(): Promise<void> {
    const from = element().currentTime;
    await until(() => !element().paused && element().currentTime !== from);
  }

  it('unlocked before there is anything to hear, plays what comes later', async () => {
    playback.play();
    playback.add(makeSound());
    await plays();
    expect(blocked).to.equal(0);
    expect(document.contains(element()), 'outside the document').to.equal(false);
  });

  it('plays on when a track is added', async () => {
    const first = makeSound();
    playback.add(first);
    playback.play();
    await plays();
    const stream = element().srcObject;
    playback.add(first);
    expect(element().srcObject, 'nothing new').to.equal(stream);
    playback.add(makeSound());
    await plays();
    expect((element().srcObject as MediaStream).getTracks()).to.have.length(2);
  });

  it('tells that the page may not play, and plays from a gesture', async () => {
    failures = ['NotAllowedError'];
    playback.add(makeSound());
    playback.play();
    await until(() => blocked === 1);
    expect(clock.pending, 'no retry without a gesture').to.equal(0);
    playback.play();
    await plays();
    expect(blocked).to.equal(1);
    await until(() => playing === 1);
  });

  it('says nothing of a refusal before there is anything to hear', async () => {
    failures = ['NotAllowedError'];
    playback.play();
    await new Promise((resolve) => setTimeout(resolve));
    expect(blocked).to.equal(0);
    playback.add(makeSound());
    playback.play();
    await plays();
    expect(blocked).to.equal(0);
    expect(playing).to.be.greaterThan(0);
  });

  it('tries again after an interruption until sound is heard', async () => {
    failures = ['AbortError', 'AbortError'];
    playback.add(makeSound());
    playback.play();
    for (const calls of [1, 2]) {
      await until(() => clock.pending === 1);
      expect(elements).to.have.length(calls);
      clock.advance(300);
    }
    await plays();
    expect(clock.pending).to.equal(0);
    expect(blocked).to.equal(0);
  });

  it('goes on when something pauses it', async () => {
    playback.add(makeSound());
    playback.play();
    await plays();
    element().pause();
    await plays();
  });

  it('is silent and does not call back after close', async () => {
    failures = ['NotAllowedError'];
    playback.add(makeSound());
    playback.play();
    playback.close();
    await until(() => element().paused && element().srcObject === null);
    await new Promise((resolve) => setTimeout(resolve));
    expect(blocked).to.equal(0);
    expect(clock.pending).to.equal(0);
  });

  it('forgets the retry when it is closed', async () => {
    failures = ['AbortError'];
    playback.play();
    await until(() => clock.pending === 1);
    playback.close();
    expect(clock.pending).to.equal(0);
  });

  it('is as loud as it is told', async () => {
    playback.add(makeSound());
    playback.play();
    await plays();
    expect(await playback.volume()).to.equal(1);
    playback.setVolume(0.25);
    expect(element().volume).to.equal(0.25);
    expect(await playback.volume()).to.equal(0.25);
    expect(() => playback.setVolume(1.5)).to.throw();
  });

  for (const when of ['at once', 'in the next task'] as const) {
    it(`has no volume where the browser takes none, and says so ${when}, as iOS does`, async () => {
      const { prototype } = HTMLMediaElement;
      const real = Object.getOwnPropertyDescriptor(prototype, 'volume')!;
      let volume = 1;
      Object.defineProperty(prototype, 'volume', {
        configurable: true,
        get: () => volume,
        set(value: number) {
          if (when === 'at once') return;
          volume = value;
          setTimeout(() => (volume = 1));
        },
      });
      expect(await playback.volume()).to.equal(null);
      Object.defineProperty(prototype, 'volume', real);
    });
  }
});
