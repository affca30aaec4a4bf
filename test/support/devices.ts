/** Stands between the code under test and getUserMedia, so that tests can refuse, delay and count. */

export type Capture = (constraints: MediaStreamConstraints) => Promise<MediaStream>;

export interface DeviceDesk {
  /** Constraints of each request, in order. */
  readonly requests: MediaStreamConstraints[];
  /** Tracks handed out. */
  readonly tracks: readonly MediaStreamTrack[];
  /** Those of them that are not stopped. */
  live(): MediaStreamTrack[];
  /** Replaces getUserMedia; it gets the browser's own as second argument. */
  answer(
    capture: (constraints: MediaStreamConstraints, real: Capture) => Promise<MediaStream>,
  ): void;
  restore(): void;
}

export function watchDevices(): DeviceDesk {
  const { mediaDevices } = navigator;
  const real: Capture = mediaDevices.getUserMedia.bind(mediaDevices);
  const requests: MediaStreamConstraints[] = [];
  const tracks: MediaStreamTrack[] = [];
  let capture: (constraints: MediaStreamConstraints, real: Capture) => Promise<MediaStream> = real;
  const recorded: Capture = async (constraints) => {
    const stream = await real(constraints);
    tracks.push(...stream.getTracks());
    return stream;
  };
  mediaDevices.getUserMedia = (constraints = {}) => {
    requests.push(constraints);
    return capture(constraints, recorded);
  };
  capture = (constraints) => recorded(constraints);
  return {
    requests,
    tracks,
    live: () => tracks.filter((track) => track.readyState === 'live'),
    answer(next) {
      capture = next;
    },
    restore() {
      for (const track of tracks) track.stop();
      // back to the prototype's
      delete (mediaDevices as Partial<MediaDevices>).getUserMedia;
    },
  };
}

/** A permission prompt: requests wait until the visitor allows. */
export function prompt(desk: DeviceDesk): { readonly asked: () => boolean; allow(): void } {
  let asked = false;
  let allow = (): void => {};
  const allowed = new Promise<void>((resolve) => (allow = resolve));
  desk.answer(async (constraints, real) => {
    asked = true;
    await allowed;
    return real(constraints);
  });
  return { asked: () => asked, allow: () => allow() };
}
