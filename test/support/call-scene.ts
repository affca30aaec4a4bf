/** One `Call` on fake ports, brought to where a test begins. */
import { Call } from '../../src/call/call.js';
import type { CallSnapshot } from '../../src/call/snapshot.js';
import type { CallConfig } from '../../src/shared/config.js';
import { CONFIG, createFakeWorld, type FakeWorld, PASS } from './fake-ports.js';

export const REQUEST = { name: 'Ada', context: null, camera: true };

/** Lets everything that is already decided happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

export interface Scene {
  readonly world: FakeWorld;
  readonly call: Call;
  readonly snapshots: CallSnapshot[];
  readonly states: () => string[];
}

export function scene(granted = false): Scene {
  const world = createFakeWorld();
  world.granted = granted;
  const snapshots: CallSnapshot[] = [];
  const call = new Call(world, (snapshot) => snapshots.push(snapshot));
  const states = (): string[] =>
    snapshots.map(({ state }) => state).filter((state, i, all) => state !== all[i - 1]);
  return { world, call, snapshots, states };
}

/** Media, CAPTCHA, pass: up to the INVITE. */
export async function admitted({ world, call }: Scene, config: CallConfig = CONFIG, video = false) {
  void call.start(config, REQUEST);
  await settle();
  const media = world.medias.at(-1)!;
  media.opened.at(-1)!.resolve({ video });
  await settle();
  if (config.captcha !== 'none') {
    world.captchas.asked.at(-1)!.resolve({ value: 'token', issuedAt: 0 });
    await settle();
  }
  if (config.gate !== null) world.passes.asked.at(-1)!.pass.resolve(PASS);
  await settle();
  const signalling = world.signallings.at(-1)!;
  const invite = signalling.invites.at(-1)!;
  return { media, signalling, ...invite };
}

export async function answered(on: Scene, config: CallConfig = CONFIG, video = false) {
  const made = await admitted(on, config, video);
  made.sent.resolve(made.dialog);
  await settle();
  made.events.onAnswered();
  made.media.events.onConnected();
  return made;
}
