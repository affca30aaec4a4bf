import type { Device, DeviceKind } from '../call/ports.js';

/**
 * Devices to choose from, as the browser names them once one of their kind was opened (W3C Media Capture §9.2). No
 * speakers where a page may not choose one (W3C Audio Output Devices: `setSinkId`).
 */
export async function listDevices(inUse: ReadonlyMap<DeviceKind, string>): Promise<Device[]> {
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
