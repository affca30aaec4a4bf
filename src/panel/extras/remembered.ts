import type { DeviceKind } from '../../call/ports.js';

/** The one thing this element ever stores: ids of devices, which the browser makes for this site alone, and a volume. */
const KEY = 'call-button.devices';
const KINDS: readonly DeviceKind[] = ['audioinput', 'audiooutput', 'videoinput'];
const ID_MAX = 256;
/** A call that begins more quietly would be taken for a broken one. */
const VOLUME_MIN = 0.1;

export interface Remembered {
  readonly devices: ReadonlyMap<DeviceKind, string>;
  /** Of the far end, 0.1 to 1; `null`: never set. */
  readonly volume: number | null;
}

/** What the visitor had remembered; `null` where nothing is, or nothing can be. */
export function recall(): Remembered | null {
  try {
    const text = localStorage.getItem(KEY);
    if (text === null) return null;
    const stored = JSON.parse(text) as Partial<Record<DeviceKind | 'volume', unknown>> | null;
    const devices = new Map<DeviceKind, string>();
    for (const kind of KINDS) {
      const id = stored?.[kind];
      if (typeof id === 'string' && id !== '' && id.length <= ID_MAX) devices.set(kind, id);
    }
    const volume = stored?.volume;
    const heard = typeof volume === 'number' && volume >= VOLUME_MIN && volume <= 1;
    return { devices, volume: heard ? volume : null };
  } catch {
    // storage is blocked, or somebody else wrote there
    return null;
  }
}

export function remember({ devices, volume }: Remembered): void {
  try {
    const all = {
      ...Object.fromEntries(devices),
      ...(volume !== null && { volume: Math.max(VOLUME_MIN, volume) }),
    };
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // blocked, or full: asked again next time
  }
}

export function forget(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // what is blocked has nothing to forget
  }
}
