import { expect } from 'chai';
import type { CallState } from '../../src/call/call-state.js';
import type { CallController } from '../../src/panel/call-controller.js';
import { enterFullscreen, fillScreen } from '../../src/panel/fullscreen.js';

describe('full screen', () => {
  const panel = (request?: () => Promise<void>): HTMLElement =>
    ({ ...(request && { requestFullscreen: request }) }) as unknown as HTMLElement;

  it('is the browser’s own where it has one', async () => {
    expect(
      await enterFullscreen(
        panel(() => Promise.resolve()),
        null,
      ),
    ).to.equal('native');
  });

  it('fills the window where the browser refuses', async () => {
    expect(
      await enterFullscreen(
        panel(() => Promise.reject(new TypeError())),
        null,
      ),
    ).to.equal('window');
  });

  it('is the far end’s video alone on an iPhone, once there is a picture', async () => {
    let entered = 0;
    const video = { readyState: 4, webkitEnterFullscreen: () => (entered += 1) };
    expect(await enterFullscreen(panel(), video as unknown as HTMLVideoElement)).to.equal('video');
    expect(entered).to.equal(1);
    const early = { ...video, readyState: 0 } as unknown as HTMLVideoElement;
    expect(await enterFullscreen(panel(), early)).to.equal('window');
  });

  describe('of a call', () => {
    /** A call in an open panel, as far as full screen has to do with it. */
    function scene() {
      const calls = {
        snapshot: { state: 'established' as CallState },
        panel: { isOpen: true },
        leaveFullscreen: null as (() => void) | null,
        set(key: 'leaveFullscreen', value: (() => void) | null): void {
          calls[key] = value;
        },
      };
      const fill = (request: () => Promise<void>): Promise<void> =>
        fillScreen(
          calls as unknown as CallController,
          Object.assign(document.createElement('section'), { requestFullscreen: request }),
        );
      return { calls, fill };
    }
    const refuse = (): Promise<void> => Promise.reject(new TypeError());

    it('is left by the way back, once', async () => {
      const { calls, fill } = scene();
      await fill(refuse);
      calls.leaveFullscreen!();
      expect(calls.leaveFullscreen).to.equal(null);
      // somebody else's, on the same page
      calls.leaveFullscreen = () => expect.fail('is not ours');
      document.dispatchEvent(new Event('fullscreenchange'));
    });

    it('is left where the browser takes it back', async () => {
      const { calls, fill } = scene();
      await fill(refuse);
      expect(calls.leaveFullscreen).to.be.a('function');
      document.dispatchEvent(new Event('fullscreenchange'));
      expect(calls.leaveFullscreen).to.equal(null);
    });

    for (const [what, change] of [
      ['is over', { snapshot: { state: 'ended' } }],
      ['is minimised', { panel: { isOpen: false } }],
    ] as const) {
      it(`that ${what} while the browser makes up its mind is not entered`, async () => {
        const { calls, fill } = scene();
        await fill(() => {
          Object.assign(calls, change);
          return refuse();
        });
        expect(calls.leaveFullscreen).to.equal(null);
      });
    }
  });
});
