/** Who answers the calls of the benchmark. */
import type { Assets, Clip } from '../../demo/service/media/assets.js';
import { levelOfPcmu } from '../../demo/service/media/meter.js';
import type { MediaPeer } from '../../demo/service/media/peer.js';
import type { Alias, IncomingCall } from '../../demo/service/sip/call.js';

/** Long enough for ICE and DTLS at any round-trip time measured here. */
const EARLY_MS = 2_000;

// digital silence: an Opus frame of 20 ms without a word (RFC 6716 §3.1), and µ-law
const opus = { data: Buffer.from([0xf8, 0xff, 0xfe]), durationMs: 20 };
const pcmu = { data: Buffer.alloc(160, 0xff), durationMs: 20 };
const silence: Clip = {
  opus: Array<typeof opus>(500).fill(opus),
  pcmu: Array<typeof pcmu>(500).fill(pcmu),
};

const QUIET_DBOV = -50;

/** From its first sound on: the pause in front of recorded speech is nobody's delay. */
export function withoutPause({ opus, pcmu }: Clip): Clip {
  const loud = pcmu.findIndex(({ data }) => levelOfPcmu(data) > QUIET_DBOV);
  const at = pcmu.slice(0, loud).reduce((sum, { durationMs }) => sum + durationMs, 0);
  let before = 0;
  // a packet that begins earlier and ends later is kept
  const kept = opus.filter(({ durationMs }) => (before += durationMs) > at);
  return { opus: kept, pcmu: pcmu.slice(loud) };
}

/** Shows and says the same until the end. */
async function talk(call: IncomingCall, media: MediaPeer, assets: Assets): Promise<void> {
  const speech = withoutPause(assets.greeting);
  media.show(assets.picture);
  while (!call.signal.aborted) await media.say(speech, call.signal);
}

/** Answers at once, and speaks as soon as there is a way. */
export function createCallee(assets: Assets): Alias {
  return async (call) => {
    await call.ring();
    await talk(call, await call.answer(), assets);
  };
}

/** Opens the way of the media before the answer, and speaks from the answer on. */
export function createEarlyCallee(assets: Assets): Alias {
  return async (call) => {
    const media = await call.early();
    const quiet = new AbortController();
    const hushed = media.say(silence, AbortSignal.any([quiet.signal, call.signal]));
    await call.waitMs(EARLY_MS);
    quiet.abort();
    await hushed;
    await call.answer();
    await talk(call, media, assets);
  };
}
