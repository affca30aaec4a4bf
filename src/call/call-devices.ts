import type { DeviceKind, MediaSession, Tones } from './ports.js';
import type { CallSnapshot } from './snapshot.js';

export interface CallDevicesPorts {
  readonly media: Pick<MediaSession, 'devices' | 'chooseDevice' | 'volume' | 'setVolume'>;
  readonly tones: Pick<Tones, 'setSink'>;
  /** The end of the call. */
  readonly signal: AbortSignal;
  snapshot(): CallSnapshot;
  /** Does nothing once the call is over. */
  publish(change: Partial<CallSnapshot>): void;
}

/** What one call is spoken into and heard by, and how loud. */
export interface CallDevices {
  /** Publishes what there is to choose from. */
  list(): Promise<void>;
  /** There are others: told to who has asked. */
  changed(): void;
  /** How loud the far end plays here, 0 to 1: where the snapshot says that it can be set. */
  setVolume(volume: number): void;
  /** Another microphone, camera or speaker, without a new offer. Never rejects: a failure is a notice. */
  choose(kind: DeviceKind, id: string): Promise<void>;
}

export function createCallDevices({
  media,
  tones,
  signal,
  snapshot,
  publish,
}: CallDevicesPorts): CallDevices {
  async function list(): Promise<void> {
    const [devices, volume] = await Promise.all([media.devices(), media.volume()]);
    publish({ devices, volume });
  }

  return {
    list,

    changed() {
      if (snapshot().devices.length > 0) void list();
    },

    setVolume(volume) {
      if (snapshot().volume === null || !(volume >= 0 && volume <= 1)) return;
      media.setVolume(volume);
      publish({ volume });
    },

    async choose(kind, id) {
      try {
        await media.chooseDevice(kind, id, signal);
        if (kind === 'audiooutput' && !signal.aborted) tones.setSink(id);
      } catch {
        publish({ notice: 'device-unavailable' });
      }
      // after a failure too: the list shows what is in use
      await list();
    },
  };
}
