import type { CallConfig } from '../shared/config.js';
import type { PassResponse } from '../shared/pass.js';
import { admit } from './admission.js';
import type { CallProgress } from './call-progress.js';
import type {
  CallPorts,
  DeviceKind,
  MediaSession,
  SignallingCall,
  SignallingEvents,
} from './ports.js';
import { targetUri, userToUser } from './target.js';

/** What the visitor says in the form. */
export interface CallRequest {
  /** Already sanitised. */
  readonly name: string;
  /** JSON for the callee, or `null`: see `context` in DESIGN section 4. */
  readonly context: string | null;
  /** `false`: begins a video call with the camera off, and without a question about it. */
  readonly camera: boolean;
  /** What the visitor chose before the call; others stand in for what is not there any more. */
  readonly devices?: ReadonlyMap<DeviceKind, string>;
  /** How loud the far end begins, 0 to 1; `null`: as loud as the device is set. */
  readonly volume?: number | null;
}

export interface CallSetupPorts {
  readonly config: CallConfig;
  readonly world: Pick<
    CallPorts,
    'captcha' | 'createPassSource' | 'createSignalling' | 'createCallId'
  >;
  readonly media: MediaSession;
  readonly progress: CallProgress;
  /** The end of the call. */
  readonly signal: AbortSignal;
  readonly events: SignallingEvents;
  /** The devices are open, the camera too or not. */
  onOpened(camera: boolean): void;
  /** The far end is about to be asked. */
  onInvite(): void;
}

/** The way of one call from the form to the INVITE. Opens its socket, and no device, as soon as it is created. */
export interface CallSetup {
  /** The press on Call is near. */
  warm(): void;
  /** Devices, CAPTCHA, pass, INVITE. Rejects as the ports do. */
  start(request: CallRequest): Promise<SignallingCall>;
  /** A refused pass: the CAPTCHA again, then one new pass (DESIGN section 6). `null` where there is none to be had. */
  again(): Promise<SignallingCall> | null;
  /** The WebSocket goes when the last response is in. */
  close(): void;
}

export function createCallSetup({
  config,
  world,
  media,
  progress,
  signal,
  events,
  onOpened,
  onInvite,
}: CallSetupPorts): CallSetup {
  const passSource = world.createPassSource(config);
  const signalling = world.createSignalling(config);
  let request: CallRequest;
  let renewable = passSource !== null;

  const warm = (): void => passSource?.warm(signal);

  async function admitted(): Promise<PassResponse | null> {
    const pass = await admit(
      config,
      { captcha: (until) => world.captcha(until), passSource },
      request.name,
      (event) => {
        signal.throwIfAborted();
        progress.go(event);
      },
      signal,
    );
    if (pass !== null) progress.recorder().mark('pass');
    media.configure({
      servers: pass?.iceServers ?? config.iceServers,
      relayOnly: config.relayOnly,
    });
    if (pass?.server !== undefined) signalling.useServers(pass.server.trim().split(/\s+/));
    return pass;
  }

  async function invite(pass: PassResponse | null): Promise<SignallingCall> {
    signal.throwIfAborted();
    const callId = world.createCallId();
    if (!progress.go('invite', { callId })) {
      signal.throwIfAborted();
      // a new pass without a CAPTCHA: the state stays, the Call-ID is another
      progress.publish({ callId });
    }
    onInvite();
    const domain = pass?.domain ?? config.domain;
    const dialog = await signalling.invite(
      {
        targetUri: targetUri(config.target, domain),
        domain,
        displayName: request.name,
        callId,
        pass,
        userToUser: userToUser(request.context),
        media,
      },
      events,
      signal,
    );
    progress.recorder().mark('invite');
    // the call may have ended while the offer was being made
    if (signal.aborted) void dialog.end();
    return dialog;
  }

  // a failure is not worth a word yet: the visitor may never call, and `invite` connects again
  signalling.connect(signal).catch(() => {});
  warm();

  return {
    warm,

    async start(said) {
      request = said;
      const wanted = {
        audio: true,
        video: config.media === 'video' && request.camera,
        preferred: request.devices,
      };
      const opened = media.open(wanted, signal).then(({ video }) => {
        progress.recorder().mark('media');
        onOpened(video);
      });
      // awaited below; may fail before that
      opened.catch(() => {});
      const granted = await media.permissionGranted(wanted);
      // the prompt must not eat the token's and the pass's life (DESIGN section 5)
      if (!granted) await opened;
      const admission = admitted().then((pass) => {
        if (granted) media.prepareOffer();
        return pass;
      });
      const [pass] = await Promise.all([admission, opened]);
      return invite(pass);
    },

    again() {
      if (!renewable) return null;
      renewable = false;
      return media.rollback().then(admitted).then(invite);
    },

    close: () => signalling.close(),
  };
}
