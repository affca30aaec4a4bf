import { expect } from 'chai';
import { createMutedSpeech, LOOK_MS } from '../../src/media/muted-speech.js';
import { createManualClock } from '../support/manual-clock.js';
import { until } from '../support/until.js';

const Real = globalThis.AudioContext;

/** A muted microphone that somebody speaks into as loud as `volume`, of full scale. */
function microphone(volume: number): { track: MediaStreamTrack; speak(volume: number): void } {
  const context = new Real();
  const tone = new OscillatorNode(context, { frequency: 200 });
  const gain = new GainNode(context, { gain: volume });
  const out = new MediaStreamAudioDestinationNode(context);
  tone.connect(gain).connect(out);
  tone.start();
  const [track] = out.stream.getAudioTracks();
  track!.enabled = false;
  return { track: track!, speak: (value) => (gain.gain.value = value) };
}

describe('speech into a muted microphone', () => {
  let contexts: AudioContext[];
  let clones: MediaStreamTrack[];
  const clone = MediaStreamTrack.prototype.clone;

  beforeEach(() => {
    contexts = [];
    clones = [];
    globalThis.AudioContext = class extends Real {
      constructor() {
        super();
        contexts.push(this);
      }
    };
    MediaStreamTrack.prototype.clone = function () {
      const copy = clone.call(this);
      clones.push(copy);
      return copy;
    };
  });
  afterEach(() => {
    globalThis.AudioContext = Real;
    MediaStreamTrack.prototype.clone = clone;
  });

  const open = (): string[] => [
    ...contexts.filter(({ state }) => state !== 'closed').map(() => 'context'),
    ...clones.filter(({ readyState }) => readyState === 'live').map(() => 'track'),
  ];

  function listening(): {
    clock: ReturnType<typeof createManualClock>;
    watch(track?: MediaStreamTrack): void;
    told: () => number;
  } {
    const clock = createManualClock();
    let told = 0;
    const { watch } = createMutedSpeech(clock, () => (told += 1));
    return { clock, watch, told: () => told };
  }

  /** Looks until it has heard what is said. */
  const hear = (clock: ReturnType<typeof createManualClock>, told: () => number, times: number) =>
    until(() => {
      clock.advance(LOOK_MS);
      return told() === times;
    });

  /** What the analyser sees is there: its first samples are silence. */
  const flowing = (): Promise<unknown> =>
    until(() => contexts.at(-1)!.state === 'running' && contexts.at(-1)!.currentTime > 0.3);

  it('is told, and leaves nothing open', async () => {
    const { track } = microphone(0.3);
    const { clock, watch, told } = listening();
    watch(track);
    await hear(clock, told, 1);
    expect(track.enabled, 'stays silent for the far end').to.equal(false);
    await until(() => open().length === 0);
    expect(clock.pending).to.equal(0);
  });

  it('is told once for each muting, however long somebody speaks', async () => {
    const { track } = microphone(0.3);
    const { clock, watch, told } = listening();
    watch(track);
    await hear(clock, told, 1);
    watch(track);
    watch(microphone(0.3).track);
    expect(clock.pending, 'another device: the same muting').to.equal(0);
    watch(undefined);
    watch(track);
    await hear(clock, told, 2);
  });

  it('is neither the noise of a room nor a short sound', async () => {
    const { track, speak } = microphone(0.005);
    const { clock, watch, told } = listening();
    watch(track);
    await flowing();
    clock.advance(20 * LOOK_MS);
    expect(told()).to.equal(0);
    speak(0.3);
    await until(() => contexts.at(-1)!.currentTime > 1);
    clock.advance(5 * LOOK_MS);
    speak(0);
    expect(told(), 'half a second').to.equal(0);
    watch(undefined);
  });

  it('opens nothing while nothing is watched, and closes when it ends', async () => {
    const { clock, watch } = listening();
    watch(undefined);
    expect(open()).to.deep.equal([]);
    watch(microphone(0.3).track);
    expect(open()).to.deep.equal(['context', 'track']);
    watch(undefined);
    await until(() => open().length === 0);
    expect(clock.pending).to.equal(0);
  });

  it('does without where the browser gives no AudioContext', () => {
    globalThis.AudioContext = function () {
      throw new DOMException('too many', 'NotSupportedError');
    } as unknown as typeof AudioContext;
    const { clock, watch } = listening();
    watch(microphone(0.3).track);
    expect(clock.pending).to.equal(0);
    expect(open(), 'the clone too').to.deep.equal([]);
  });
});
