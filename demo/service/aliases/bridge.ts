import type { MediaPeer, Wish } from '../media/peer.js';
import { canReceive, canSend } from '../media/sdp.js';
import type { Clip } from '../media/assets.js';
import type { IncomingCall } from '../sip/call.js';
import type { Leg } from '../sip/leg.js';

/** A phone that has handed its caller over hangs up by itself, and otherwise after so long. */
const HANDOVER_MS = 5000;

/** One end of a bridge. */
interface End {
  readonly media: MediaPeer;
  renegotiate(change: Partial<Wish>, addVideo?: boolean): Promise<void>;
}

/** The other one sends a picture, and this one has no place for it yet. */
function needsVideo({ media }: End, other: End): boolean {
  const { video } = other.media.remote;
  return media.codec('video') === null && video !== null && canSend(video);
}

/** What one end is to be offered, from what the other one would do. */
function wishFor(end: End, other: End): Wish {
  const { wish } = end.media;
  // whom we hold says no more of what it would do
  if (other.media.wish.hold) return wish;
  const { audio, video } = other.media.remote;
  const shown = end.media.codec('video') !== null || needsVideo(end, other);
  return {
    hold: audio !== null && !canReceive(audio),
    video: shown ? (video ?? 'inactive') : wish.video,
  };
}

/** Keeps the description of one end in step with the other's. */
function createFollower(end: End, other: End): () => void {
  // not asked for again until the other one wants something else
  let refused = '';
  let busy = false;
  async function follow(): Promise<void> {
    if (busy) return;
    busy = true;
    for (;;) {
      const wish = wishFor(end, other);
      const addVideo = needsVideo(end, other);
      const { hold, video } = end.media.wish;
      const text = JSON.stringify([wish, addVideo]);
      if (text === refused || (!addVideo && hold === wish.hold && video === wish.video)) break;
      try {
        await end.renegotiate(wish, addVideo);
        refused = needsVideo(end, other) ? text : '';
      } catch {
        // it does not want to, and the call goes on as it was
        refused = text;
      }
    }
    busy = false;
  }
  return () => void follow();
}

/**
 * Lets the caller and a phone that has answered talk, until one of them leaves. Resolves with the service that the
 * caller was handed to, or with null where the call is over.
 */
export async function bridge(
  call: IncomingCall,
  leg: Leg,
  music: Clip,
  knows: (alias: string) => boolean,
): Promise<string | null> {
  const over = new AbortController();
  let heir: string | null = null;
  let holding: AbortController | null = null;
  try {
    const agreed = leg.media.codec('video') === null ? null : leg.media.remote.video;
    const media = await call.answer({ video: agreed });
    // from now on each may begin with video, and the other is asked
    for (const peer of [media, leg.media]) {
      peer.wish = { ...peer.wish, video: peer.wish.video ?? 'sendrecv' };
    }
    const caller: End = { media, renegotiate: (change) => call.renegotiate(change) };
    const followers = [createFollower(caller, leg), createFollower(leg, caller)];
    const sync = (): void => {
      for (const follow of followers) follow();
      if (wishFor(caller, leg).hold === (holding !== null)) return;
      holding?.abort();
      holding = holding === null ? new AbortController() : null;
      if (holding !== null) void media.loop(music, holding.signal);
    };
    media.show(null);
    media.relay(leg.media);
    leg.media.relay(media);
    call.onDigit = (digit) => void leg.sendDigit(digit).catch(() => {}); // it may know no INFO
    call.onRemote = leg.onRemote = sync;
    leg.onTransfer = (alias) => {
      if (!knows(alias)) return false;
      heir = alias;
      over.abort();
      return true;
    };
    sync();
    await anyAborted(call.signal, leg.signal, over.signal);
    media.relay(null);
  } finally {
    leg.media.relay(null);
    (holding as AbortController | null)?.abort();
    call.onDigit = call.onRemote = leg.onRemote = leg.onTransfer = null;
    if (heir === null) leg.hangUp();
    else handOver(leg);
  }
  call.signal.throwIfAborted();
  if (heir !== null) {
    const { hold } = call.media?.wish ?? { hold: false };
    // who was on hold when it was handed over would stay so
    if (hold) await call.renegotiate({ hold: false });
    return heir;
  }
  await call.hangUp();
  return null;
}

/** The promise is kept: NOTIFY, and the phone is free. */
function handOver(leg: Leg): void {
  leg.notify('SIP/2.0 200 OK', true);
  const timer = setTimeout(() => leg.hangUp(), HANDOVER_MS);
  leg.signal.addEventListener('abort', () => clearTimeout(timer));
}

function anyAborted(...signals: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...signals]);
  return new Promise((resolve) => {
    if (any.aborted) resolve();
    else any.addEventListener('abort', () => resolve(), { once: true });
  });
}
