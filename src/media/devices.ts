import { CallError, type EndReason } from '../call/errors.js';
import type { DeviceAccess, WantedDevices } from '../call/ports.js';
import { policyAllows } from '../shared/permissions-policy.js';
import { abortable, failure } from './abortable.js';

const AUDIO: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};
// bare values are ideals: a camera that cannot do it sends what it can
const VIDEO: MediaTrackConstraints = {
  width: 640,
  height: 480,
  frameRate: 30,
  facingMode: 'user',
};

export function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** What keeps this page from any call, before any question to the visitor; `null`: nothing. */
export function checkSupport(): EndReason | null {
  if (!isSecureContext) return 'insecure-context';
  // the types say that both are there; a hardened browser says otherwise
  const { mediaDevices } = navigator as Partial<Navigator>;
  if (mediaDevices === undefined || !('RTCPeerConnection' in globalThis)) {
    return 'webrtc-unsupported';
  }
  // a sandbox without allow-same-origin: every browser refuses, whatever the policy and the visitor say
  const opaque = inForeignFrame() && self.origin === 'null';
  return opaque || policyAllows('microphone') === false ? 'permissions-policy' : null;
}

const inForeignFrame = (): boolean => window !== window.top && window.frameElement === null;

/** Names of DOMException: W3C Media Capture and Streams §10.3 (getUserMedia). */
function microphoneReason(name: string): EndReason {
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      // Firefox and Safari refuse without asking in a frame of another origin that lacks allow="microphone"
      return (policyAllows('microphone') ?? !inForeignFrame())
        ? 'microphone-denied'
        : 'permissions-policy';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'microphone-missing';
    case 'NotReadableError':
    case 'AbortError': // "some problem prevented the device from being used": not our signal's
      return 'microphone-busy';
    default:
      return 'internal-error';
  }
}

const exactly = (id: string | undefined): MediaTrackConstraints =>
  id === undefined ? {} : { deviceId: { exact: id } };

/** Of a device that was preferred. An ideal would be the standard's way to ask for one, but Chromium ignores it. */
const isGone = (error: unknown): boolean =>
  error instanceof Error && /^(Overconstrained|NotFound)Error$/.test(error.name);

/**
 * Opens the wanted devices. If the camera fails, the microphone alone. A stream that comes after the abort (the
 * permission prompt may stay open for minutes) is stopped as it arrives.
 * Rejects with `AbortError`, or a `CallError` that says what is wrong with the microphone; `internal-error` where
 * only the camera was wanted.
 */
export async function openDevices(
  wanted: WantedDevices,
  signal: AbortSignal,
): Promise<MediaStream> {
  const { audio, video } = wanted;
  const unsupported = checkSupport();
  if (unsupported !== null) throw new CallError(unsupported, 'no media devices');
  const all = new Map([...(wanted.preferred ?? []), ...(wanted.chosen ?? [])]);
  const capture = (camera: boolean, ids = wanted.chosen): Promise<MediaStream> =>
    abortable(
      () =>
        navigator.mediaDevices.getUserMedia({
          audio: audio && { ...AUDIO, ...exactly(ids?.get('audioinput')) },
          video: camera && { ...VIDEO, ...exactly(ids?.get('videoinput')) },
        }),
      signal,
      stopTracks,
    );
  const open = (camera: boolean): Promise<MediaStream> =>
    capture(camera, all).catch((error: unknown) => {
      if (signal.aborted || !wanted.preferred?.size || !isGone(error)) throw error;
      return capture(camera);
    });
  return open(video)
    .catch((error: unknown) => {
      if (signal.aborted || !video || !audio) throw error;
      return open(false);
    })
    .catch((error: unknown) => {
      const name = audio && error instanceof Error ? error.name : '';
      throw failure(error, signal, microphoneReason(name));
    });
}

/** True where the browser says that the visitor need not be asked. */
export async function permissionGranted({ video }: { video: boolean }): Promise<boolean> {
  const names: PermissionName[] = video ? ['microphone', 'camera'] : ['microphone'];
  try {
    const all = await Promise.all(names.map((name) => navigator.permissions.query({ name })));
    return all.every(({ state }) => state === 'granted');
  } catch {
    return false; // Firefox before 132 throws TypeError at these names
  }
}

/** What lists them comes when somebody asks: most calls are made with what is there. */
export const listDevices: DeviceAccess['list'] = async (chosen, tracks) => {
  try {
    return await (await import('./device-list.js')).listDevices(chosen, tracks);
  } catch {
    return [];
  }
};
