// UMD: it puts itself on the window
import 'axe-core';
import type { run } from 'axe-core';
import { expect } from 'chai';
import { CALL_STATES } from '../../src/call/call-state.js';
import { END_REASONS } from '../../src/call/errors.js';
import type { Captcha, CaptchaStatus } from '../../src/call/ports.js';
import { en } from '../../src/i18n/en.js';
import { chooseLanguage, LANGUAGES, loadMessages } from '../../src/i18n/languages.js';
import { createTranslate } from '../../src/i18n/messages.js';
import { devicesView } from '../../src/panel/views/devices-view.js';
import { callView } from '../../src/panel/views/call-view.js';
import { formView } from '../../src/panel/views/form-view.js';
import { until } from '../support/until.js';
import { fakeController, mountView } from '../support/fake-controller.js';

declare const axe: { run: typeof run };

async function violations(): Promise<string[]> {
  const { violations: found } = await axe.run(document.body, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: {
      // off by default, though a failure of WCAG 2.5.3
      'label-content-name-mismatch': { enabled: true },
      // page structure is the host page's business
      region: { enabled: false },
      'landmark-one-main': { enabled: false },
      'page-has-heading-one': { enabled: false },
    },
  });
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

const named = (root: ShadowRoot, name: string): HTMLElement | null =>
  root.querySelector<HTMLElement>(`[aria-label="${name}"]`);

describe('views', () => {
  before(() => {
    document.documentElement.lang = 'en';
    document.title = 'views';
  });
  afterEach(() => document.body.replaceChildren());

  it('that fill the window show a remark, or the keypad, which have the same place', () => {
    for (const keypadOpen of [false, true]) {
      const { controller } = fakeController(
        { state: 'established', notice: 'camera-unavailable' },
        { keypadOpen },
      );
      const root = mountView(callView(controller));
      root.querySelector('section')!.classList.add('filled');
      expect(root.querySelector('.message')!.checkVisibility()).to.equal(!keypadOpen);
      document.body.replaceChildren();
    }
  });

  it('offer the number alone where nobody can call: no field, no button that does nothing', () => {
    const { controller } = fakeController(
      {},
      { misconfigured: true, error: { reason: 'misconfigured' } },
    );
    const root = mountView(formView(controller));
    expect(root.querySelector('[role=alert]')!.textContent).to.include(en['end.misconfigured']);
    expect(root.querySelector<HTMLAnchorElement>('a.phone')!.href).to.equal('tel:+1555');
    expect(root.querySelectorAll('input, button, [part=captcha]')).to.have.length(0);
  });

  for (const scheme of ['light', 'dark'] as const) {
    describe(`in ${scheme} colours`, () => {
      before(() => document.documentElement.style.setProperty('color-scheme', scheme));
      after(() => document.documentElement.style.removeProperty('color-scheme'));

      for (const state of CALL_STATES) {
        it(`${state} passes axe`, async () => {
          const form = ['idle', 'requesting-media', 'verifying', 'authorizing', 'unavailable'];
          const { controller } = fakeController(
            {
              state,
              answeredAt: Date.now() - 61_000,
              remoteVideo: true,
              localVideo: true,
              quality: { level: 'poor', reasons: ['loss'], loss: 0.02, jitter: 30, delay: 200 },
              outcome:
                state === 'ended'
                  ? { reason: 'busy', durationMs: 61_000, early: false, retryAfter: 90 }
                  : null,
            },
            { keypadOpen: true, digits: '12#', failed: true },
          );
          const root = mountView(
            form.includes(state) ? formView(controller) : callView(controller),
          );
          expect(root.querySelector('section')!.childElementCount).to.be.greaterThan(0);
          expect(await violations()).to.deep.equal([]);
        });
      }

      it('an audio call with a notice passes axe', async () => {
        const { controller } = fakeController({ state: 'established', notice: 'sound-blocked' });
        mountView(callView(controller));
        expect(await violations()).to.deep.equal([]);
      });

      it('the choice of devices passes axe', async () => {
        const kinds = ['audioinput', 'audiooutput', 'videoinput'] as const;
        const devices = kinds.flatMap((kind) =>
          ['1', '2'].map((id) => ({ kind, id, label: `${kind} ${id}`, selected: id === '2' })),
        );
        const { controller } = fakeController(
          { state: 'established', devices, localVideo: true },
          { devicesView },
        );
        const root = mountView(callView(controller));
        const chosen = [...root.querySelectorAll('select')].map(({ value }) => value);
        expect(chosen).to.deep.equal(['2', '2', '2']);
        expect(await violations()).to.deep.equal([]);
      });

      it('a voice call that may have a camera passes axe', async () => {
        const { controller } = fakeController({
          state: 'established',
          videoMuted: true,
          videoOffered: true,
        });
        mountView(callView(controller));
        expect(await violations()).to.deep.equal([]);
      });

      it('a question passes axe', async () => {
        const { controller } = fakeController({ state: 'established', videoRequested: true });
        mountView(callView(controller));
        expect(await violations()).to.deep.equal([]);
      });

      it('a form with every message passes axe', async () => {
        const { controller } = fakeController(
          {},
          { nameIssue: 'empty', error: { reason: 'captcha-unavailable', retryAfter: 30 } },
        );
        mountView(formView(controller));
        expect(await violations()).to.deep.equal([]);
      });
    });
  }

  it('every end has words of its own, or the words of a like one', () => {
    for (const reason of END_REASONS) {
      const { controller } = fakeController({
        state: 'ended',
        outcome: { reason, durationMs: 0, early: false },
      });
      const root = mountView(callView(controller));
      expect(
        root.querySelector('[part=status]')!.textContent.trim().length,
        reason,
      ).to.be.greaterThan(8);
      document.body.replaceChildren();
    }
  });

  it('a failed call offers the number, an ordinary end does not', () => {
    const end = { durationMs: 0, early: false } as const;
    const busy = fakeController(
      { state: 'ended', outcome: { reason: 'busy', ...end } },
      { failed: true },
    );
    expect(
      mountView(callView(busy.controller)).querySelector<HTMLAnchorElement>('.phone')!.href,
    ).to.equal('tel:+1555');
    const over = fakeController({ state: 'ended', outcome: { reason: 'hung-up', ...end } });
    expect(mountView(callView(over.controller)).querySelector('.phone')).to.equal(null);
  });

  it('says when another try makes sense, in the unit that fits', () => {
    for (const [seconds, words] of [
      [45, 'in 45 seconds.'],
      [120, 'in 2 minutes.'],
    ] as const) {
      const { controller } = fakeController(
        {},
        { error: { reason: 'rate-limited', retryAfter: seconds } },
      );
      expect(mountView(formView(controller)).textContent).to.include(words);
    }
  });

  it('controls do what their name says, and the name says what a press will do', () => {
    const { controller, presses } = fakeController({
      state: 'established',
      audioMuted: true,
      videoMuted: false,
      localVideo: true,
      videoOffered: true,
      remoteVideo: true,
    });
    const root = mountView(callView(controller));
    for (const name of [
      'Unmute microphone',
      'Turn camera off',
      'Show keypad',
      'Hide my picture',
      'Full screen',
      'Hang up',
    ]) {
      named(root, name)!.click();
    }
    expect(presses).to.deep.equal([
      'audio-muted false',
      'video-muted true',
      'set keypadOpen true',
      'set selfView false',
      'fullscreen',
      'hang-up',
    ]);
  });

  for (const remoteVideo of [true, false]) {
    it(`the own picture keeps the shape that the camera has, ${remoteVideo ? 'over the other one' : 'alone'}`, async () => {
      for (const [width, height] of [
        [640, 360],
        [360, 640],
      ] as const) {
        const canvas = Object.assign(document.createElement('canvas'), { width, height });
        canvas.getContext('2d')!.fillRect(0, 0, width, height);
        const localStream = canvas.captureStream();
        const { controller } = fakeController(
          { state: 'established', localVideo: true, remoteVideo },
          { call: { localStream, remoteStream: null } },
        );
        const video = mountView(callView(controller)).querySelector<HTMLVideoElement>(
          '[part=self-view]',
        )!;
        await until(() => video.videoWidth === width);
        // the size is known before the box is laid out by it
        const shape = (): number => video.offsetWidth / video.offsetHeight;
        await until(() => Math.abs(shape() - width / height) < 0.05);
        const { offsetWidth, offsetHeight } = video;
        expect(offsetWidth / offsetHeight).to.be.closeTo(width / height, 0.05);
        expect(Math.max(offsetWidth, offsetHeight)).to.be.within(80, 170);
        for (const track of localStream.getTracks()) track.stop();
      }
    });
  }

  it('an audio call has no camera controls, and before the answer no keypad', () => {
    const { controller } = fakeController(
      { state: 'ringing' },
      { config: { media: 'audio', captcha: 'none' } },
    );
    const root = mountView(callView(controller));
    expect(
      [...root.querySelectorAll('[part=controls] button')].map((button) =>
        button.getAttribute('aria-label'),
      ),
    ).to.deep.equal(['Mute microphone', 'Cancel']);
  });

  it('a voice call in which video was offered can have a camera', () => {
    const { controller, presses } = fakeController({
      state: 'established',
      videoMuted: true,
      videoOffered: true,
    });
    named(mountView(callView(controller)), 'Turn camera on')!.click();
    expect(presses).to.deep.equal(['video-muted false']);
  });

  it('a video call can begin without a camera, a voice call has nothing to say of one', () => {
    const video = fakeController({});
    const withoutCamera = (root: ShadowRoot): HTMLElement | null =>
      root.querySelector<HTMLElement>('[part=no-camera]');
    withoutCamera(mountView(formView(video.controller)))!.click();
    expect(video.presses).to.deep.equal(['submit false']);
    const voice = fakeController({}, { config: { media: 'audio', captcha: 'none' } });
    expect(withoutCamera(mountView(formView(voice.controller)))).to.equal(null);
  });

  it('every key of the keypad is pressed by its name', () => {
    const { controller, presses } = fakeController({ state: 'established' }, { keypadOpen: true });
    const root = mountView(callView(controller));
    for (const key of root.querySelectorAll<HTMLElement>('.key')) key.click();
    expect(presses).to.deep.equal([...'123456789*0#'].map((key) => `key ${key}`));
  });

  it('the far end’s wish for a picture is a question with two answers, said by a region that was there before', () => {
    const quiet = fakeController({ state: 'established' });
    const before = mountView(callView(quiet.controller)).querySelector<HTMLElement>('.remarks')!;
    expect(before.getAttribute('role')).to.equal('status');
    expect(getComputedStyle(before).display).not.to.equal('none');
    const asked = fakeController({ state: 'established', remoteVideo: true, videoRequested: true });
    const root = mountView(callView(asked.controller));
    const [yes, no] = root.querySelectorAll<HTMLElement>('[role=status] .question button');
    expect(root.querySelector('.question')!.textContent).to.include('would like to see you');
    yes!.click();
    no!.click();
    expect(asked.presses).to.deep.equal(['answer-video true', 'answer-video false']);
  });

  it('a weak connection gets one remark with a remedy, until it is dismissed', () => {
    const poor = {
      state: 'established',
      localVideo: true,
      quality: { level: 'bad', reasons: ['loss'], loss: 0.1, jitter: 1, delay: 1 },
    } as const;
    const { controller, presses } = fakeController(poor);
    const root = mountView(callView(controller));
    root.querySelector<HTMLElement>('.message .text')!.click();
    named(root, 'Dismiss')!.click();
    expect(presses).to.deep.equal(['video-muted true', 'dismiss-advice']);
    const quiet = fakeController(poor, { weakLine: { advise: false } });
    expect(mountView(callView(quiet.controller)).querySelector('.message')).to.equal(null);
  });

  it('touch targets are at least 24 px, controls at least 44', () => {
    const { controller } = fakeController(
      { state: 'established', localVideo: true, remoteVideo: true, notice: 'camera-lost' },
      { keypadOpen: true },
    );
    const root = mountView(callView(controller));
    for (const button of root.querySelectorAll('button')) {
      // the layout's size: the panel may still be growing to its place
      const { offsetWidth: width, offsetHeight: height } = button;
      const least = button.matches('.control,.key') ? 44 : 24;
      expect(Math.min(width, height), button.outerHTML).to.be.at.least(least);
    }
  });

  describe('in the narrowest window, 320 px', () => {
    /** Everything is within the panel, whose padding stays free. */
    function fits(root: ShadowRoot): void {
      const section = root.querySelector('section')!;
      section.style.width = '320px';
      const { left, right } = section.getBoundingClientRect();
      for (const button of section.querySelectorAll('button')) {
        const box = button.getBoundingClientRect();
        expect(box.left, button.outerHTML).to.be.at.least(left + 19);
        expect(box.right, button.outerHTML).to.be.at.most(right - 19);
      }
    }

    it('no control is cut off', () => {
      const { controller } = fakeController({
        state: 'established',
        localVideo: true,
        remoteVideo: true,
      });
      const root = mountView(callView(controller));
      expect(root.querySelectorAll('.control').length).to.be.at.least(6);
      fits(root);
    });

    for (const name of LANGUAGES) {
      it(`the form’s buttons hold their words in "${name}"`, async () => {
        const language = chooseLanguage([name]);
        const t = createTranslate({ messages: await loadMessages(language), locale: name }, en, {});
        const { controller } = fakeController({}, { t });
        const root = mountView(formView(controller));
        root.querySelector('section')!.dir = language.direction;
        fits(root);
      });
    }
  });

  const statuses: readonly (readonly [CaptchaStatus, string, boolean])[] = [
    ['ready', 'I am human', false],
    ['solving', 'Checking…', true],
    ['solved', 'Checked', true],
    ['expired', 'I am human', false],
    ['failed', 'I am human', false],
  ];
  for (const [status, words, busy] of statuses) {
    it(`a ${status} checkbox CAPTCHA reads "${words}"`, () => {
      let solved = 0;
      const captcha: Partial<Captcha> = {
        presentation: 'checkbox',
        status,
        solve: () => (solved += 1),
      };
      const { controller } = fakeController({}, { captcha });
      const root = mountView(formView(controller));
      const box = root.querySelector<HTMLInputElement>('[type=checkbox]')!;
      expect(root.querySelector('.check')!.textContent).to.include(words);
      expect(box.ariaDisabled).to.equal(String(busy));
      box.click();
      expect(solved).to.equal(busy ? 0 : 1);
    });
  }

  it('a CAPTCHA takes no more room when it is there than while it is awaited', () => {
    const height = (captcha: Partial<Captcha> | null): number => {
      const { controller } = fakeController({}, { captcha });
      const root = mountView(formView(controller));
      // where providers draw: ALTCHA nothing
      root.host.append(Object.assign(document.createElement('div'), { slot: 'captcha' }));
      return root.querySelector<HTMLElement>('form')!.offsetHeight;
    };
    const awaited = height(null);
    for (const status of ['ready', 'solving', 'solved'] as const) {
      expect(height({ presentation: 'checkbox', status }), status).to.equal(awaited);
    }
  });

  it('Enter that picks an input method’s suggestion does not submit', () => {
    const { controller } = fakeController({});
    const root = mountView(formView(controller));
    const event = new KeyboardEvent('keydown', {
      key: 'Enter',
      isComposing: true,
      cancelable: true,
      bubbles: true,
    });
    root.querySelector('#name')!.dispatchEvent(event);
    expect(event.defaultPrevented).to.equal(true);
  });
});
