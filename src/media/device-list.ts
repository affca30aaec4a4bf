import type { Device, DeviceKind } from '../call/ports.js';

/**
 * Devices to choose from, as the browser names them once one of their kind was opened (W3C Media Capture §9.2). No
 * speakers where a page may not choose one (W3C Audio Output Devices: `setSinkId`). In use are those of `tracks`, and
 * for other kinds what was `chosen`.
 */
export async function listDevices(
  chosen: ReadonlyMap<DeviceKind, string>,
  tracks: readonly MediaStreamTrack[],
): Promise<readonly Device[]> {
  const inUse = new Map<string, string | undefined>(chosen);
  for (const track of tracks) {
    const { deviceId } = track.getSettings();
    if (deviceId !== undefined) inUse.set(`${track.kind}input`, deviceId);
  }
  const canChooseSpeaker = 'setSinkId' in HTMLMediaElement.prototype;
  const all = await navigator.mediaDevices.enumerateDevices();
  return all
    .filter(
      ({ kind, deviceId, label }) =>
        deviceId !== '' && label !== '' && (kind !== 'audiooutput' || canChooseSpeaker),
    )
    .map(({ kind, deviceId: id, label }) => ({
      kind,
      id,
      label,
      selected: id === (inUse.get(kind) ?? 'default'),
    }));
}
