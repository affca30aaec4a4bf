import { expect } from 'chai';
import { Call } from '../../src/call/call.js';
import type { DeviceAccess } from '../../src/call/ports.js';
import { CallController } from '../../src/panel/call-controller.js';
import type { PanelController, PanelSurface } from '../../src/panel/controller.js';
import { videoStyles } from '../../src/styles/video.styles.js';
import { answered, settle } from '../support/call-scene.js';
import { CONFIG, createFakeWorld } from '../support/fake-ports.js';
import { until } from '../support/until.js';

/** A real call on fake ports, and a panel that is open or not. */
function scene() {
  const world = createFakeWorld();
  const did: string[] = [];
  const panel = {
    isOpen: true,
    atForm: false,
    needsConsent: false,
    name: 'Ada',
    context: null,
    config: CONFIG,
    language: { locale: 'en', learn: () => {} },
    t: (key: string) => key,
    host: { element: document.createElement('div'), anchor: document.createElement('button') },
    acquire: () => true,
    release: () => did.push('release'),
    update: () => {},
    hideCaptcha: () => {},
    unreachable: () => did.push('unreachable'),
    close() {
      calls.leave();
      panel.isOpen = false;
    },
  };
  const surface = {
    focusFirst: () => did.push('focus'),
    section: () => null,
    adopt: (sheet: CSSStyleSheet) => sheet === videoStyles && did.push('pictures'),
  };
  let call: Call | null = null;
  const calls = new CallController(
    panel as unknown as PanelController,
    surface as unknown as PanelSurface,
    { permissionGranted: () => Promise.resolve(true) } as unknown as DeviceAccess,
    (onChange) => (call = new Call(world, onChange)),
  );
  return { world, call: call!, calls, panel, did };
}

const key = (name: string): KeyboardEvent => new KeyboardEvent('keydown', { key: name });

describe('a call whose panel is closed', () => {
  let dispose = (): void => {};
  // a page in a call asks before it is left
  afterEach(() => dispose());

  async function inCall() {
    const on = scene();
    dispose = () => on.calls.dispose();
    const made = await answered({ ...on, snapshots: [], states: () => [] });
    return { ...on, ...made };
  }

  it('is minimised, and says so, until the panel is there again', async () => {
    const { calls, panel, did } = await inCall();
    expect([calls.minimized, calls.states.includes('minimized')]).to.deep.equal([false, false]);
    panel.close();
    expect([calls.minimized, calls.states.includes('minimized')]).to.deep.equal([true, true]);
    calls.restore();
    expect([panel.isOpen, calls.minimized]).to.deep.equal([true, false]);
    expect(did).to.deep.equal(['focus']);
  });

  it('stays a bar when it ends, until that has been seen', async () => {
    const { calls, panel, events, dialog } = await inCall();
    panel.close();
    calls.dismiss();
    expect(calls.minimized, 'in the call').to.equal(true);
    events.onEnded({ reason: 'remote-hung-up' });
    dialog.drained.resolve(undefined);
    await settle();
    expect([calls.snapshot.state, calls.minimized]).to.deep.equal(['ended', true]);
    calls.dismiss();
    expect(calls.minimized).to.equal(false);
  });

  it('says what is going on in the live region, once, and takes it back', async () => {
    const { calls, events, dialog } = await inCall();
    const { setTimeout: later } = globalThis;
    const timers: (() => void)[] = [];
    globalThis.setTimeout = ((run: () => void) => timers.push(run)) as unknown as typeof setTimeout;
    const region = document.createElement('p');
    const said: string[] = [];
    const say = (): void => {
      region.textContent = '';
      calls.say(region);
      if (region.textContent !== '') said.push(region.textContent);
    };
    say();
    say();
    timers.at(-1)!();
    expect(region.textContent).to.equal('');
    events.onEnded({ reason: 'remote-hung-up' });
    say();
    dialog.drained.resolve(undefined);
    globalThis.setTimeout = later;
    await settle();
    say();
    expect(said).to.deep.equal(['status.established', 'status.ending']);
  });

  it('that is over leaves no bar', async () => {
    const { calls, panel, events, dialog } = await inCall();
    events.onEnded({ reason: 'remote-hung-up' });
    dialog.drained.resolve(undefined);
    await settle();
    panel.close();
    expect(calls.minimized).to.equal(false);
  });

  it('comes back for a question', async () => {
    const { calls, panel, media } = await inCall();
    panel.close();
    media.events.onReport({
      held: false,
      remoteAudio: true,
      remoteVideo: true,
      localVideo: false,
      videoWanted: true,
    });
    expect(calls.snapshot.videoRequested).to.equal(true);
    expect([panel.isOpen, calls.minimized]).to.deep.equal([true, false]);
    expect(calls.handleKey(key('Escape')), 'a question stays in sight').to.equal(false);
    expect(panel.isOpen).to.equal(true);
  });

  it('is minimised by Escape, after what lies over it is closed', async () => {
    const { calls, panel } = await inCall();
    calls.set('keypadOpen', true);
    expect(calls.handleKey(key('Escape'))).to.equal(true);
    expect([calls.keypadOpen, panel.isOpen]).to.deep.equal([false, true]);
    expect(calls.handleKey(key('Escape'))).to.equal(true);
    expect([calls.snapshot.state, calls.minimized]).to.deep.equal(['established', true]);
  });

  it('has the own picture hidden in the next one as well, where the visitor hid it', async () => {
    const on = await inCall();
    on.calls.set('selfView', false);
    on.events.onEnded({ reason: 'remote-hung-up' });
    on.dialog.drained.resolve(undefined);
    await settle();
    void on.calls.start(false);
    await until(() => on.calls.snapshot.state === 'requesting-media');
    expect(on.calls.selfView).to.equal(false);
  });
});

describe('what only pictures need', () => {
  let dispose = (): void => {};
  afterEach(() => dispose());

  it('is there before a video call starts, in a form that was one for voice as well', async () => {
    const { calls, panel, did } = scene();
    dispose = () => calls.dispose();
    expect(calls.video).to.equal(null);
    panel.config = { ...CONFIG, media: 'video' };
    const states: string[] = [];
    const started = calls.start(true);
    states.push(calls.snapshot.state);
    await until(() => calls.snapshot.state === 'requesting-media');
    expect([states, did]).to.deep.equal([['idle'], ['pictures']]);
    expect(calls.video).not.to.equal(null);
    dispose();
    await started;
  });

  it('is loaded in a voice call with the first picture that is offered, which is not seen before', async () => {
    const on = scene();
    dispose = () => on.calls.dispose();
    const { media } = await answered({ ...on, snapshots: [], states: () => [] });
    expect(on.calls.video).to.equal(null);
    media.events.onReport({
      held: false,
      remoteAudio: true,
      remoteVideo: true,
      localVideo: false,
      videoWanted: false,
    });
    expect([on.calls.picture, on.calls.shape.trim()]).to.deep.equal([false, '']);
    await until(() => on.calls.video !== null);
    expect([on.calls.picture, on.calls.shape.trim()]).to.deep.equal([true, 'wide']);
    expect(on.did).to.deep.equal(['pictures']);
  });
});
