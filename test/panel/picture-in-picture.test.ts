import { expect } from 'chai';
import { render } from 'lit/html.js';
import type { CallSnapshot } from '../../src/call/snapshot.js';
import * as extras from '../../src/panel/extras/index.js';
import { callView } from '../../src/panel/views/call-view.js';
import { fakeController, mountView } from '../support/fake-controller.js';
import { until } from '../support/until.js';

const TALKING = { state: 'established', remoteVideo: true } as const;

/** A browser whose windows are only told of; its answers for the next calls. */
function fakeWindows() {
  const real = {
    enabled: Object.getOwnPropertyDescriptor(Document.prototype, 'pictureInPictureEnabled')!,
    exit: Document.prototype.exitPictureInPicture,
    request: HTMLVideoElement.prototype.requestPictureInPicture,
  };
  const fake = {
    enabled: true,
    open: null as HTMLVideoElement | null,
    readyState: HTMLMediaElement.HAVE_ENOUGH_DATA as number,
    refusal: null as Error | null,
    leave(): void {
      const left = fake.open;
      fake.open = null;
      left?.dispatchEvent(new Event('leavepictureinpicture'));
    },
    restore(): void {
      Object.defineProperty(Document.prototype, 'pictureInPictureEnabled', real.enabled);
      Document.prototype.exitPictureInPicture = real.exit;
      HTMLVideoElement.prototype.requestPictureInPicture = real.request;
      Reflect.deleteProperty(HTMLVideoElement.prototype, 'readyState');
    },
  };
  // hides that of all media
  Object.defineProperty(HTMLVideoElement.prototype, 'readyState', {
    configurable: true,
    get: () => fake.readyState,
  });
  Object.defineProperty(Document.prototype, 'pictureInPictureEnabled', {
    configurable: true,
    get: () => fake.enabled,
  });
  Document.prototype.exitPictureInPicture = () => {
    if (fake.open === null) return Promise.reject(new DOMException('none', 'InvalidStateError'));
    fake.leave();
    return Promise.resolve();
  };
  HTMLVideoElement.prototype.requestPictureInPicture = function () {
    if (fake.refusal !== null) return Promise.reject(fake.refusal);
    fake.open = this;
    this.dispatchEvent(new Event('enterpictureinpicture'));
    return Promise.resolve({} as PictureInPictureWindow);
  };
  return fake;
}

describe('picture in picture', () => {
  let windows: ReturnType<typeof fakeWindows>;
  beforeEach(() => (windows = fakeWindows()));
  afterEach(() => {
    windows.restore();
    document.body.replaceChildren();
  });

  async function shown() {
    const { controller } = fakeController(TALKING, { extras });
    const root = mountView(callView(controller));
    const section = root.querySelector('section')!;
    const draw = (change: Partial<CallSnapshot> = {}): void => {
      Object.assign(controller, { snapshot: { ...controller.snapshot, ...change } });
      render(callView(controller), section);
      controller.host.element.dispatchEvent(new Event('call-state-change'));
    };
    Object.assign(controller, { update: () => draw() });
    const button = (): HTMLElement | null =>
      root.querySelector<HTMLElement>('[part=picture-in-picture]');
    await until(() => {
      render(callView(controller), section);
      return button() !== null;
    });
    return { controller, section, draw, button, name: () => button()?.ariaLabel };
  }

  it('is entered and left by one button, whose name says what a press will do', async () => {
    const { button, name } = await shown();
    expect(name()).to.equal('Picture in picture');
    button()!.click();
    expect(windows.open!.getAttribute('part')).to.equal('remote-video');
    await until(() => name() === 'Leave picture in picture');
    button()!.click();
    expect(windows.open).to.equal(null);
    expect(name()).to.equal('Picture in picture');
  });

  it('pressed before the first frame is entered with it', async () => {
    const { section, button, name } = await shown();
    windows.readyState = HTMLMediaElement.HAVE_NOTHING;
    button()!.click();
    expect(windows.open).to.equal(null);
    section.querySelector('[part=remote-video]')!.dispatchEvent(new Event('loadedmetadata'));
    await until(() => name() === 'Leave picture in picture');
  });

  it('is told truly where the browser’s own buttons open and close the window', async () => {
    const { section, name } = await shown();
    const video = section.querySelector<HTMLVideoElement>('[part=remote-video]')!;
    await video.requestPictureInPicture();
    expect(name()).to.equal('Leave picture in picture');
    windows.leave();
    expect(name()).to.equal('Picture in picture');
  });

  for (const [what, change] of [
    ['the call', { state: 'ending' }],
    ['the picture', { remoteVideo: false }],
  ] as const) {
    it(`ends with ${what}`, async () => {
      const { button, draw } = await shown();
      button()!.click();
      draw(change);
      expect(windows.open).to.equal(null);
      expect(button()).to.equal(null);
    });
  }

  it('stays while the panel is a bar, plays on there, and is still known when the panel is back', async () => {
    const { button, section, controller, draw, name } = await shown();
    button()!.click();
    const video = windows.open!;
    let plays = 0;
    video.play = () => Promise.resolve(void (plays += 1));
    render(null, section);
    // as the browser does with what has left the document
    video.dispatchEvent(new Event('pause'));
    expect([plays, windows.open === video]).to.deep.equal([1, true]);
    render(callView(controller), section);
    expect(name()).to.equal('Leave picture in picture');
    render(null, section);
    draw({ state: 'ended', outcome: { reason: 'hung-up', durationMs: 1, early: false } });
    expect(windows.open).to.equal(null);
    video.dispatchEvent(new Event('pause'));
    expect(plays, 'over').to.equal(1);
  });

  it('that the browser refuses changes nothing', async () => {
    const { button, name } = await shown();
    for (const reason of ['NotAllowedError', 'InvalidStateError']) {
      windows.refusal = new DOMException('no', reason);
      button()!.click();
      await Promise.resolve();
      expect(name()).to.equal('Picture in picture');
    }
  });

  it('is offered neither without a picture nor where the browser has none', async () => {
    const { draw, button } = await shown();
    draw({ remoteVideo: false });
    expect(button()).to.equal(null);
    draw({ remoteVideo: true, state: 'ringing' });
    expect(button()).to.equal(null);
    windows.enabled = false;
    draw({ state: 'established' });
    expect(button()).to.equal(null);
  });
});
