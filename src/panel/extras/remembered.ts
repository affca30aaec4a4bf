import type { DeviceKind } from '../../call/ports.js';

/** The one thing this element ever stores: ids of devices, which the browser makes for this site alone. */
const KEY = 'call-button.devices';
const KINDS: readonly DeviceKind[] = ['audioinput', 'audiooutput', 'videoinput'];
const ID_MAX = 256;

/** What the visitor had remembered; `null` where nothing is, or nothing can be. */
export function recall(): ReadonlyMap<DeviceKind, string> | null {
  try {
    const text = localStorage.getItem(KEY);
    if (text === null) return null;
    const stored = JSON.parse(text) as Partial<Record<DeviceKind, unknown>> | null;
    const devices = new Map<DeviceKind, string>();
    for (const kind of KINDS) {
      const id = stored?.[kind];
      if (typeof id === 'string' && id !== '' && id.length <= ID_MAX) devices.set(kind, id);
    }
    return devices;
  } catch {
    // storage is blocked, or somebody else wrote there
    return null;
  }
}

export function remember(devices: ReadonlyMap<DeviceKind, string>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(devices)));
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
