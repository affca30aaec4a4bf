import { expect } from 'chai';
import { render } from 'lit/html.js';
import type { EndReason } from '../../src/call/errors.js';
import { en } from '../../src/i18n/en.js';
import { en as extra } from '../../src/i18n/extra/en.js';
import * as extras from '../../src/panel/extras/index.js';
import { whichBrowser } from '../../src/panel/extras/which-browser.js';
import { formView } from '../../src/panel/views/form-view.js';
import { fakeController, mountView } from '../support/fake-controller.js';
import { until } from '../support/until.js';

const MOZILLA = 'Mozilla/5.0';
const WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
const BLINK = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0';
const MAC = '(Macintosh; Intel Mac OS X 10_15_7)';
const IPHONE = '(iPhone; CPU iPhone OS 18_6 like Mac OS X)';
const ANDROID = '(Linux; Android 10; K)';

describe('the browser whose settings are to be found', () => {
  const hints = (brand: string, mobile = false) => ({
    brands: [{ brand: 'Not=A?Brand' }, { brand: 'Chromium' }, { brand }],
    mobile,
  });
  const cases: readonly [string, string, ReturnType<typeof hints>?][] = [
    ['chrome', `${MOZILLA} (X11; Linux x86_64) ${BLINK} Safari/537.36`, hints('Google Chrome')],
    ['chrome', `${MOZILLA} (Windows NT 10.0) ${BLINK} Edg/140.0.0.0`, hints('Microsoft Edge')],
    ['chrome', `${MOZILLA} (X11; Linux x86_64) ${BLINK} Safari/537.36`],
    [
      'android',
      `${MOZILLA} ${ANDROID} ${BLINK} Mobile Safari/537.36`,
      hints('Google Chrome', true),
    ],
    ['android', `${MOZILLA} ${ANDROID} ${BLINK} Mobile Safari/537.36`],
    ['samsung', `${MOZILLA} ${ANDROID} ${BLINK} Mobile`, hints('Samsung Internet', true)],
    ['samsung', `${MOZILLA} ${ANDROID} SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36`],
    [
      'other',
      `${MOZILLA} (Linux; Android 14; Pixel 8; wv) ${BLINK}`,
      hints('Android WebView', true),
    ],
    ['other', `${MOZILLA} (Linux; Android 14; Pixel 8; wv) ${BLINK} Mobile Safari/537.36`],
    ['firefox', `${MOZILLA} (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0`],
    ['other', `${MOZILLA} (Android 14; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0`],
    ['safari', `${MOZILLA} ${MAC} ${WEBKIT} Version/18.6 Safari/605.1.15`],
    ['ios', `${MOZILLA} ${IPHONE} ${WEBKIT} Version/18.6 Mobile/15E148 Safari/604.1`],
    ['other', `${MOZILLA} ${IPHONE} ${WEBKIT} CriOS/140.0 Mobile/15E148 Safari/604.1`],
    ['other', `${MOZILLA} ${IPHONE} ${WEBKIT} Mobile/15E148 [FBAN/FBIOS]`],
    ['other', 'a browser of tomorrow'],
  ];
  for (const [name, userAgent, userAgentData] of cases) {
    it(`${name}: ${userAgent.slice(-60)}${userAgentData ? ' with hints' : ''}`, () => {
      const source = { userAgent, maxTouchPoints: 0, ...(userAgentData && { userAgentData }) };
      expect(whichBrowser(source)).to.equal(name);
    });
  }

  it('is Safari on an iPad that calls itself a Mac', () => {
    const userAgent = `${MOZILLA} ${MAC} ${WEBKIT} Version/18.6 Safari/605.1.15`;
    expect(whichBrowser({ userAgent, maxTouchPoints: 5 })).to.equal('ios');
  });
});

describe('help with the browser’s permission', () => {
  type States = Partial<Record<'microphone' | 'camera', PermissionState>>;
  const { query } = navigator.permissions;
  let statuses: Map<string, EventTarget & { state: PermissionState }>;
  let userAgentData: object | undefined;

  beforeEach(() => {
    statuses = new Map();
    Object.defineProperty(navigator, 'userAgentData', {
      configurable: true,
      get: () => userAgentData,
    });
    userAgentData = { brands: [{ brand: 'Google Chrome' }], mobile: false };
  });
  afterEach(() => {
    document.body.replaceChildren();
    Reflect.deleteProperty(navigator, 'userAgentData');
    Reflect.deleteProperty(navigator, 'userAgent');
    navigator.permissions.query = query;
    Reflect.deleteProperty(document, 'featurePolicy');
    Reflect.deleteProperty(document, 'permissionsPolicy');
  });

  /** The form as a browser of these permissions draws it; words of what it says of them, line by line. */
  async function form(states: States, reason?: EndReason, media: 'audio' | 'video' = 'audio') {
    navigator.permissions.query = ({ name }) => {
      const state = states[name as keyof States];
      if (state === undefined) return Promise.reject(new TypeError('unknown name'));
      const status = Object.assign(new EventTarget(), { state });
      statuses.set(name, status);
      return Promise.resolve(status as unknown as PermissionStatus);
    };
    const { controller } = fakeController(
      {},
      {
        config: { media, captcha: 'none' },
        extras,
        unasked: true,
        error: reason === undefined ? null : { reason },
      },
    );
    const root = mountView(formView(controller));
    const section = root.querySelector('section')!;
    await until(() => {
      render(formView(controller), section);
      return root.querySelector('call-button-permission') !== null;
    });
    const lines = (): string[] =>
      [...root.querySelectorAll('call-button-permission :is(p, strong, li)')].map(
        ({ textContent }) => textContent.trim(),
      );
    return { root, lines, element: controller.host.element };
  }

  const steps = (first: keyof typeof extra, device = 'Microphone'): string[] => [
    extra['help.title'],
    extra[first] as string,
    extra['help.allow'].replace('{device}', device),
    extra['help.again'],
  ];

  it('says beforehand where the question will be', async () => {
    const bar = await form({ microphone: 'prompt' });
    await until(() => bar.lines().join() === extra['hint.top']);
    userAgentData = { brands: [{ brand: 'Google Chrome' }], mobile: true };
    const dialog = await form({ microphone: 'prompt' });
    await until(() => dialog.lines().join() === extra['hint.window']);
  });

  it('says nothing where the browser does not tell, until it refuses', async () => {
    const silent = await form({});
    expect(silent.lines()).to.deep.equal([]);
    const refused = await form({}, 'microphone-denied');
    expect(refused.lines()).to.deep.equal(steps('help.chrome'));
  });

  it('tells the steps of this browser, and of the camera in a video call', async () => {
    const { lines } = await form({ microphone: 'denied' }, 'microphone-denied', 'video');
    expect(lines()).to.deep.equal(steps('help.chrome', 'Microphone and Camera'));
    userAgentData = { brands: [{ brand: 'Samsung Internet' }], mobile: true };
    const samsung = await form({ microphone: 'denied' }, 'microphone-denied');
    expect(samsung.lines()).to.deep.equal(steps('help.samsung'));
    userAgentData = undefined;
    Object.defineProperty(navigator, 'userAgent', {
      configurable: true,
      value: 'Mozilla/5.0 (X11; rv:144.0) Gecko/20100101 Firefox/144.0',
    });
    const firefox = await form({ microphone: 'prompt' }, 'microphone-denied');
    expect(firefox.lines()).to.deep.equal([
      extra['help.title'],
      extra['help.firefox'],
      extra['help.again'],
    ]);
  });

  it('tells before the call what was refused once, and takes it back when that is undone', async () => {
    const { lines } = await form({ microphone: 'denied' });
    await until(() => lines().length > 0);
    expect(lines()).to.deep.equal([en['end.microphone-denied'], ...steps('help.chrome')]);
    const status = statuses.get('microphone')!;
    status.state = 'granted';
    status.dispatchEvent(new Event('change'));
    expect(lines()).to.deep.equal([]);
  });

  it('takes a question that was closed for no refusal: the browser asks again', async () => {
    const { lines } = await form({ microphone: 'prompt' }, 'microphone-denied');
    await until(() => lines().join() === extra['hint.top']);
  });

  it('does not blame the visitor for a frame: that is for the console, once', async () => {
    const warnings: unknown[] = [];
    const { warn } = console;
    console.warn = (...values: unknown[]) => void warnings.push(values[0]);
    try {
      Object.defineProperty(document, 'permissionsPolicy', {
        configurable: true,
        value: { allowsFeature: () => false },
      });
      const { lines } = await form({ microphone: 'denied' });
      await until(() => warnings.length > 0);
      expect(lines()).to.deep.equal([]);
      expect(warnings.join()).to.match(/allow="microphone; camera" on the iframe/);
      // a browser without the policy's API says so by its refusal alone
      Reflect.deleteProperty(document, 'permissionsPolicy');
      const refused = await form({}, 'permissions-policy');
      await until(() => warnings.length === 2);
      expect(refused.lines()).to.deep.equal([]);
    } finally {
      console.warn = warn;
    }
  });
});
