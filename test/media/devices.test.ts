import { expect } from 'chai';
import { CallError } from '../../src/call/errors.js';
import { checkSupport, openDevices, permissionGranted } from '../../src/media/devices.js';
import { type DeviceDesk, prompt, watchDevices } from '../support/devices.js';
import { rejection } from '../support/rejection.js';
import { until } from '../support/until.js';

const BOTH = { audio: true, video: true };
const VOICE = { audio: true, video: false };
const NEVER = new AbortController().signal;

function failing(name: string): () => Promise<never> {
  return () => Promise.reject(new DOMException('stubbed', name));
}

async function reasonOf(promise: Promise<unknown>): Promise<string> {
  const error = await rejection(promise);
  if (!(error instanceof CallError)) throw new Error(`not a CallError: ${String(error)}`);
  return error.reason;
}

/** Replaces a property for the time of a test. */
function override(target: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { configurable: true, value });
  return () => {
    if (before === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, before);
  };
}

describe('openDevices', () => {
  let desk: DeviceDesk;
  beforeEach(() => (desk = watchDevices()));
  afterEach(() => desk.restore());

  it('opens microphone and camera in one request, with echo cancellation and a modest picture', async () => {
    const stream = await openDevices(BOTH, NEVER);
    expect(desk.requests).to.have.length(1);
    expect(stream.getAudioTracks()[0]?.getSettings()).to.include({ echoCancellation: true });
    expect(stream.getVideoTracks()[0]?.getSettings()).to.include({ width: 640, height: 480 });
  });

  it('never asks for a camera in a voice call', async () => {
    const stream = await openDevices(VOICE, NEVER);
    expect(stream.getTracks().map(({ kind }) => kind)).to.deep.equal(['audio']);
    expect(desk.requests[0]?.video).to.equal(false);
  });

  for (const name of [
    'NotFoundError',
    'NotAllowedError',
    'NotReadableError',
    'OverconstrainedError',
  ]) {
    it(`takes the microphone alone where the camera fails with ${name}`, async () => {
      desk.answer((constraints, real) =>
        constraints.video === false ? real(constraints) : failing(name)(),
      );
      const stream = await openDevices(BOTH, NEVER);
      expect(stream.getTracks().map(({ kind }) => kind)).to.deep.equal(['audio']);
    });
  }

  for (const [name, reason] of [
    ['NotAllowedError', 'microphone-denied'],
    ['SecurityError', 'microphone-denied'],
    ['NotFoundError', 'microphone-missing'],
    ['OverconstrainedError', 'microphone-missing'],
    ['NotReadableError', 'microphone-busy'],
    ['AbortError', 'microphone-busy'],
    ['InvalidStateError', 'internal-error'],
  ] as const) {
    it(`calls ${name} of the microphone "${reason}"`, async () => {
      desk.answer(failing(name));
      expect(await reasonOf(openDevices(VOICE, NEVER))).to.equal(reason);
      expect(await reasonOf(openDevices(BOTH, NEVER))).to.equal(reason);
      expect(desk.requests.map(({ video }) => video !== false)).to.deep.equal([false, true, false]);
    });
  }

  it('does not blame the microphone when only a camera was asked for', async () => {
    desk.answer(failing('NotReadableError'));
    const error = await rejection(openDevices({ audio: false, video: true }, NEVER));
    expect(error).to.be.instanceOf(CallError).and.include({ reason: 'internal-error' });
    expect((error as CallError).cause).to.have.property('name', 'NotReadableError');
    expect(desk.requests).to.have.length(1);
  });

  it('rejects at once when the visitor gives up in the permission prompt, and stops the late stream', async () => {
    const abort = new AbortController();
    const question = prompt(desk);
    const opening = rejection(openDevices(BOTH, abort.signal));
    await until(() => question.asked());
    abort.abort();
    expect(await opening).to.have.property('name', 'AbortError');
    question.allow();
    await until(() => desk.tracks.length === 2 && desk.live().length === 0);
    expect(desk.requests, 'no audio-only retry after an abort').to.have.length(1);
  });

  it('asks nobody under a signal that is already aborted', async () => {
    expect(await rejection(openDevices(VOICE, AbortSignal.abort()))).to.have.property(
      'name',
      'AbortError',
    );
    expect(desk.requests).to.have.length(0);
  });
});

describe('checkSupport', () => {
  it('has no objection to a secure page of a browser with WebRTC', () => {
    expect(checkSupport()).to.equal(null);
  });

  it('names the insecure page', async () => {
    const restore = override(window, 'isSecureContext', false);
    try {
      expect(checkSupport()).to.equal('insecure-context');
      expect(await reasonOf(openDevices(VOICE, NEVER))).to.equal('insecure-context');
    } finally {
      restore();
    }
  });

  it('names the browser without WebRTC', () => {
    const { RTCPeerConnection } = globalThis;
    Reflect.deleteProperty(globalThis, 'RTCPeerConnection');
    try {
      expect(checkSupport()).to.equal('webrtc-unsupported');
    } finally {
      globalThis.RTCPeerConnection = RTCPeerConnection;
    }
    const restore = override(navigator, 'mediaDevices', undefined);
    try {
      expect(checkSupport()).to.equal('webrtc-unsupported');
    } finally {
      restore();
    }
    expect(checkSupport()).to.equal(null);
  });
});

describe('in a frame', () => {
  interface Told {
    support: string | null;
    opened: boolean;
    reason: string | null;
  }
  let frame: HTMLIFrameElement;
  afterEach(() => frame.remove());

  async function ask(host: string, query: string, allow: string): Promise<Told> {
    const url = new URL('../support/media-frame.html', import.meta.url);
    url.hostname = host;
    url.search = query;
    frame = document.createElement('iframe');
    frame.allow = allow;
    frame.src = url.href;
    const told = new Promise<Told>((resolve) => {
      window.addEventListener('message', function listen({ source, data }) {
        if (source !== frame.contentWindow) return;
        window.removeEventListener('message', listen);
        resolve(data as Told);
      });
    });
    document.body.append(frame);
    return told;
  }
  const other = location.hostname === 'localhost' ? '127.0.0.1' : 'localhost';

  it('opens the microphone where the page allows it', async () => {
    expect(await ask(other, '', 'microphone')).to.deep.equal({
      support: null,
      opened: true,
      reason: null,
    });
  });

  it('tells before any question that the policy forbids it', async () => {
    expect(await ask(other, '', '')).to.deep.equal({
      support: 'permissions-policy',
      opened: false,
      reason: 'permissions-policy',
    });
    frame.remove();
    expect(await ask(location.hostname, '', "microphone 'none'")).to.include({
      support: 'permissions-policy',
    });
  });

  it('guesses the policy from the refusal where the browser does not tell it', async () => {
    expect(await ask(other, '?no-policy-api', '')).to.deep.equal({
      support: null,
      opened: false,
      reason: 'permissions-policy',
    });
  });
});

describe('permissionGranted', () => {
  const { query } = Permissions.prototype;
  afterEach(() => (Permissions.prototype.query = query));

  function answers(states: Partial<Record<string, PermissionState>>): void {
    Permissions.prototype.query = ({ name }) => {
      const state = states[name];
      return state === undefined
        ? Promise.reject(new TypeError(`${name} is no permission here`))
        : Promise.resolve(Object.assign(new EventTarget(), { state, name, onchange: null }));
    };
  }

  it('is true with the devices that these tests are allowed to use', async () => {
    expect(await permissionGranted({ video: true })).to.equal(true);
  });

  it('needs the camera only for video', async () => {
    answers({ microphone: 'granted', camera: 'prompt' });
    expect(await permissionGranted({ video: false })).to.equal(true);
    expect(await permissionGranted({ video: true })).to.equal(false);
  });

  it('is false when the visitor would be asked', async () => {
    answers({ microphone: 'prompt', camera: 'granted' });
    expect(await permissionGranted({ video: false })).to.equal(false);
  });

  it('is false in a browser that does not know these names', async () => {
    answers({});
    expect(await permissionGranted({ video: false })).to.equal(false);
  });
});
