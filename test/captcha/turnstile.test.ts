import { expect } from 'chai';
import type { EndReason } from '../../src/call/errors.js';
import type { Captcha, CaptchaOptions, CaptchaStatus } from '../../src/call/ports.js';
import { createHCaptcha } from '../../src/captcha/hcaptcha.js';
import { createTurnstile } from '../../src/captcha/turnstile.js';
import { decodeToken } from '../support/captcha-token.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import {
  errorScenario,
  SCENARIOS,
  TEST_SITEKEYS,
  TEST_TOKEN,
} from '../support/turnstile/scenarios.js';
import { until } from '../support/until.js';
import {
  apiScripts,
  captchaOptions,
  container,
  countingSignal,
  forgetApi,
  globals,
  HOST,
  page,
  recordStatuses,
  rejection,
  TURNSTILE_HOST,
} from './support.js';

const signal = (): AbortSignal => new AbortController().signal;

describe('Turnstile', () => {
  let place: HTMLElement;
  let clock: ManualClock;
  let made: Captcha[];
  let warnings: string[];
  const { warn } = console;

  const create = async (
    sitekey: string | null,
    overrides: Partial<CaptchaOptions> = {},
  ): Promise<Captcha> => {
    const options = captchaOptions({
      container: place,
      host: TURNSTILE_HOST,
      sitekey,
      ...overrides,
    });
    const captcha = await createTurnstile(options, signal(), { clock });
    made.push(captcha);
    return captcha;
  };
  const frames = (): HTMLIFrameElement[] => page.turnstileStandIn?.frames?.() ?? [];
  const inner = (): Document => frames()[0]!.contentDocument!;
  const tick = async (): Promise<void> => {
    (await until(() => inner().querySelector('input'))).click();
  };
  const solved = (captcha: Captcha) => until(() => captcha.status === 'solved');

  beforeEach(() => {
    place = container();
    clock = createManualClock();
    made = [];
    warnings = [];
    console.warn = (text: string) => warnings.push(text);
  });

  afterEach(() => {
    for (const captcha of made) captcha.dispose();
    const left = {
      elements: place.childElementCount,
      widgets: frames().length,
      timers: clock.pending,
    };
    for (const element of document.querySelectorAll('body > div')) element.remove();
    forgetApi();
    console.warn = warn;
    expect(left, 'left behind').to.deep.equal({ elements: 0, widgets: 0, timers: 0 });
    // what the real script would tell the page's administrator, apart from codes of errors
    expect(warnings.filter((text) => !/Error: \d+/.test(text)).join()).to.equal('');
  });

  describe('loading', () => {
    it('asks for the script with what it knows and nothing more, and leaves no global but its own', async () => {
      const before = globals();
      await create(SCENARIOS.pass);
      const [script, ...others] = apiScripts();
      expect(others.length).to.equal(0);
      const { origin, pathname, searchParams } = new URL(script!.src);
      expect(origin + pathname).to.equal(`${TURNSTILE_HOST}/turnstile/v0/api.js`);
      expect([...searchParams.keys()].sort()).to.deep.equal(['onload', 'render']);
      expect(searchParams.get('render')).to.equal('explicit');
      // the host is not known to allow CORS
      expect(script!.crossOrigin).to.equal(null);
      expect(globals().filter((name) => !before.includes(name))).to.deep.equal([
        'turnstile',
        'turnstileStandIn',
      ]);
    });

    it('gives its script the nonce', async () => {
      await create(SCENARIOS.pass, { nonce: 'n0nce' });
      expect(apiScripts()[0]?.nonce).to.equal('n0nce');
    });

    it('loads once for two, and uses what the page has', async () => {
      const other = container();
      await Promise.all([create(SCENARIOS.pass), create(SCENARIOS.pass, { container: other })]);
      await create(SCENARIOS.pass, { container: other });
      expect(apiScripts().length).to.equal(1);
    });

    it('takes an element with the id "turnstile" for no API', async () => {
      const link = document.createElement('a');
      link.id = 'turnstile';
      document.body.append(link);
      const error = await rejection(create(SCENARIOS.pass, { host: `${location.origin}/nowhere` }));
      link.remove();
      expect(error.reason).to.equal('captcha-unavailable');
    });

    it('lives beside hCaptcha on one page', async () => {
      const other = container();
      const [one, two] = await Promise.all([
        create(SCENARIOS.pass),
        createHCaptcha(
          captchaOptions({ container: other, host: HOST, sitekey: 'scenario-pass' }),
          signal(),
          { clock },
        ),
      ]);
      made.push(two);
      expect(decodeToken((await one.token(signal())).value)).to.include({ action: 'sales' });
      expect(decodeToken((await two.token(signal())).value)).not.to.have.property('action');
      two.dispose();
    });

    it('fails where the script is not to be had, and draws nothing after an abort', async () => {
      const error = await rejection(create(SCENARIOS.pass, { host: `${location.origin}/nowhere` }));
      expect(error.reason).to.equal('captcha-unavailable');
      const abort = countingSignal();
      const creation = createTurnstile(
        captchaOptions({ container: place, host: TURNSTILE_HOST, sitekey: SCENARIOS.pass }),
        abort.signal,
        { clock },
      );
      abort.abort();
      expect((await rejection(creation)).name).to.equal('AbortError');
      expect(abort.listeners).to.equal(0);
    });
  });

  describe('drawing', () => {
    it('puts the widget into a child of the container, without a field for forms', async () => {
      const captcha = await create(SCENARIOS.pass, { theme: 'dark' });
      expect(captcha).to.include({ provider: 'turnstile', presentation: 'container' });
      expect(place.childElementCount).to.equal(1);
      expect(place.querySelector('input')).to.equal(null);
      await solved(captcha);
      expect(frames()[0]!.style.width).to.equal('100%');
      expect(inner().body.style.color).to.equal('rgb(255, 255, 255)');
    });

    it('is compact where it is told to be', async () => {
      await create(SCENARIOS.pass, { size: 'compact' });
      expect(frames()[0]!.style.width).to.equal('150px');
    });

    for (const [lang, language] of [
      ['en', 'en'],
      ['de-AT', 'de'],
      ['pt-BR', 'pt'],
      ['sr-Latn-RS', 'sr'],
      ['zh', 'zh'],
      ['zh-Hans-CN', 'zh'],
      ['zh-TW', 'zh-tw'],
      ['zh-Hant-HK', 'zh-tw'],
    ] as const) {
      it(`speaks ${language} to who reads ${lang}`, async () => {
        const captcha = await create(SCENARIOS.pass, { lang });
        await solved(captcha);
        expect(inner().documentElement.lang).to.equal(language);
      });
    }

    it('fails where there is no sitekey, or one that is none', async () => {
      for (const sitekey of [null, '', 'no key']) {
        expect((await rejection(create(sitekey))).reason).to.equal('captcha-unavailable');
        expect(place.childElementCount).to.equal(0);
      }
    });

    it('can be drawn again after its container was moved', async () => {
      const first = await create(SCENARIOS.pass);
      const elsewhere = document.createElement('section');
      document.body.append(elsewhere);
      elsewhere.append(place);
      first.dispose();
      const second = await create(SCENARIOS.pass);
      expect(decodeToken((await second.token(signal())).value)).to.not.equal(null);
      document.body.append(place);
      elsewhere.remove();
    });
  });

  describe('solving', () => {
    it('begins by itself, and has a token at hand, for its target', async () => {
      const captcha = await create(SCENARIOS.pass, { target: 'support' });
      const statuses = recordStatuses(captcha);
      expect(captcha.status).to.equal('solving');
      clock.advance(5000);
      await solved(captcha);
      const token = await captcha.token(signal());
      expect(decodeToken(token.value)).to.include({
        sitekey: SCENARIOS.pass,
        host: location.hostname,
        action: 'support',
      });
      expect(token.issuedAt).to.equal(5000);
      expect(statuses).to.deep.equal(['solved']);
    });

    it('waits for the visitor where it asks one', async () => {
      const captcha = await create(SCENARIOS.interactive);
      const abort = countingSignal();
      const token = captcha.token(abort.signal);
      await tick();
      expect(decodeToken((await token).value)?.sitekey).to.equal(SCENARIOS.interactive);
      expect(abort.listeners).to.equal(0);
      expect(clock.pending).to.equal(0);
    });

    it('hands a token out once', async () => {
      const captcha = await create(SCENARIOS.pass);
      const { value } = await captcha.token(signal());
      const second = captcha.token(signal());
      expect(captcha.status).to.equal('solving');
      expect((await second).value).to.not.equal(value);
    });

    it('gives the same token twice only where Cloudflare does', async () => {
      const captcha = await create(TEST_SITEKEYS.passes);
      const statuses = recordStatuses(captcha);
      expect((await captcha.token(signal())).value).to.equal(TEST_TOKEN);
      expect((await captcha.token(signal())).value).to.equal(TEST_TOKEN);
      expect(statuses).to.deep.equal(['solved', 'solving', 'solved']);
    });

    it('does not begin again while it is solving or solved', async () => {
      const captcha = await create(SCENARIOS.pass);
      const [frame] = frames();
      captcha.solve();
      await solved(captcha);
      captcha.solve();
      expect(captcha.status).to.equal('solved');
      expect(frames()[0]).to.equal(frame);
    });

    it('forgets a token after 90 s, stays quiet, and asks again when one is wanted', async () => {
      const captcha = await create(SCENARIOS.pass);
      const statuses = recordStatuses(captcha);
      await solved(captcha);
      const [frame] = frames();
      clock.advance(89_999);
      expect(captcha.status).to.equal('solved');
      clock.advance(1);
      expect(captcha.status).to.equal('expired');
      expect(frames()[0], 'the widget looks unsolved').to.not.equal(frame);
      expect(clock.pending).to.equal(0);
      expect((await captcha.token(signal())).issuedAt).to.equal(90_000);
      expect(statuses).to.deep.equal(['solved', 'expired', 'solving', 'solved']);
    });

    it('gives a token of 89 s, and none of more than 90 s when timers slept', async () => {
      const captcha = await create(SCENARIOS.pass);
      await solved(captcha);
      clock.advance(89_000);
      expect((await captcha.token(signal())).issuedAt).to.equal(0);
      captcha.solve();
      await solved(captcha);
      const { now } = clock;
      clock.now = () => now() + 100_000;
      expect((await captcha.token(signal())).issuedAt).to.equal(189_000);
    });

    it('serves the last who asks', async () => {
      const captcha = await create(SCENARIOS.interactive);
      const first = rejection(captcha.token(signal()));
      const second = captcha.token(signal());
      await tick();
      expect((await first).reason).to.equal('captcha-closed');
      expect(decodeToken((await second).value)).to.not.equal(null);
    });

    it('keeps two widgets apart', async () => {
      const other = container();
      const one = await create(SCENARIOS.interactive);
      const two = await create(SCENARIOS.pass, { container: other, target: 'support' });
      expect(decodeToken((await two.token(signal())).value)?.action).to.equal('support');
      expect(one.status).to.equal('solving');
      two.dispose();
      const token = one.token(signal());
      await tick();
      expect(decodeToken((await token).value)?.action).to.equal('sales');
    });
  });

  describe('failing', () => {
    const families: [codes: string[], status: CaptchaStatus, reason: EndReason][] = [
      [['110600', '110620'], 'expired', 'captcha-expired'],
      [
        ['102010', '103020', '104030', '106010', '300010', '300030', '300031', '600010'],
        'failed',
        'captcha-failed',
      ],
      [
        ['100010', '105010', '110100', '110110', '110200', '110420', '110430', '110500', '110510'],
        'failed',
        'captcha-unavailable',
      ],
      [
        ['120000', '200010', '200100', '200500', '400020', '400070', '999999'],
        'failed',
        'captcha-unavailable',
      ],
    ];
    for (const [codes, status, reason] of families) {
      for (const code of codes) {
        it(`fails by ${code}: ${reason}`, async () => {
          const captcha = await create(errorScenario(code));
          const error = await rejection(captcha.token(signal()));
          expect(error.reason).to.equal(reason);
          expect(error.message).to.contain(code);
          expect(captcha.status).to.equal(status);
        });
      }
    }

    it('lets the console tell the administrator which error it was', async () => {
      await rejection((await create(errorScenario('110200'))).token(signal()));
      expect(warnings).to.deep.equal(['[Cloudflare Turnstile] Error: 110200.']);
    });

    for (const [what, sitekey, status] of [
      ['failed', errorScenario('600010'), 'failed'],
      ['crashed', errorScenario('300030'), 'failed'],
      ['timed out', SCENARIOS.interactiveTimeout, 'expired'],
      ['expired', SCENARIOS.tokenExpires, 'expired'],
    ] as const) {
      it(`keeps a widget that has ${what} from starting again by itself`, async () => {
        const captcha = await create(sitekey);
        const [frame] = frames();
        await until(() => captcha.status === status);
        // where it would, it would in the next task
        for (let task = 0; task < 3; task++) await new Promise((resolve) => setTimeout(resolve));
        expect(frames()[0] === frame, 'the same frame').to.equal(true);
      });
    }

    it('shows an error that comes without being asked, and tries again when it is', async () => {
      const captcha = await create(TEST_SITEKEYS.fails);
      const statuses = recordStatuses(captcha);
      await until(() => captcha.status === 'failed');
      expect((await rejection(captcha.token(signal()))).reason).to.equal('captcha-failed');
      expect(statuses).to.deep.equal(['failed', 'solving', 'failed']);
    });

    it('says when the browser is too old for it', async () => {
      const captcha = await create(SCENARIOS.unsupported);
      const error = await rejection(captcha.token(signal()));
      expect(error.reason).to.equal('captcha-unavailable');
      expect(error.message).to.contain('unsupported');
    });

    it('says when the visitor took too long, and asks again', async () => {
      const captcha = await create(SCENARIOS.interactiveTimeout);
      for (let time = 0; time < 2; time++) {
        expect((await rejection(captcha.token(signal()))).reason).to.equal('captcha-expired');
        expect(captcha.status).to.equal('expired');
      }
      const again = captcha.token(signal());
      await tick();
      expect(decodeToken((await again).value)).to.not.equal(null);
    });

    it('notices when Cloudflare lets its token expire, and asks again', async () => {
      const captcha = await create(SCENARIOS.tokenExpires);
      await solved(captcha);
      await until(() => captcha.status === 'expired');
      expect(decodeToken((await captcha.token(signal())).value)).to.not.equal(null);
    });

    it('fails after 20 s without a word', async () => {
      const captcha = await create(SCENARIOS.neverReady);
      const token = rejection(captcha.token(signal()));
      clock.advance(19_999);
      expect(captcha.status).to.equal('solving');
      clock.advance(1);
      expect((await token).reason).to.equal('captcha-unavailable');
      expect(captcha.status).to.equal('failed');
    });

    it('leaves the visitor all the time for the question, and counts on from the answer', async () => {
      const captcha = await create(SCENARIOS.interactive);
      const token = captcha.token(signal());
      const box = await until(() => inner().querySelector('input'));
      clock.advance(600_000);
      expect(captcha.status).to.equal('solving');
      box.click();
      expect(clock.pending).to.equal(1);
      expect((await token).issuedAt).to.equal(600_000);
      expect(clock.pending).to.equal(0);
    });
  });

  describe('leaving', () => {
    it('takes the question back on abort, and can go on', async () => {
      const captcha = await create(SCENARIOS.interactive);
      const abort = countingSignal();
      const token = rejection(captcha.token(abort.signal));
      await until(() => inner().querySelector('input'));
      abort.abort();
      expect((await token).name).to.equal('AbortError');
      expect(inner().querySelector('input')).to.equal(null);
      expect(captcha.status).to.equal('ready');
      expect(abort.listeners).to.equal(0);
      expect(clock.pending).to.equal(0);
      const again = captcha.token(signal());
      await tick();
      expect(decodeToken((await again).value)).to.not.equal(null);
    });

    it('does not begin with a signal that is aborted', async () => {
      const captcha = await create(SCENARIOS.pass);
      await solved(captcha);
      const error = await rejection(captcha.token(AbortSignal.abort()));
      expect(error.name).to.equal('AbortError');
      expect(captcha.status).to.equal('solved');
    });

    it('forgets its token on reset, and stays quiet', async () => {
      const captcha = await create(SCENARIOS.pass);
      await solved(captcha);
      const [frame] = frames();
      captcha.reset();
      expect(captcha.status).to.equal('ready');
      expect(frames()[0]).to.not.equal(frame);
      expect(clock.pending).to.equal(0);
      const token = captcha.token(signal());
      expect(captcha.status).to.equal('solving');
      await token;
    });

    for (const stage of ['loading', 'asking', 'solved', 'given', 'failed', 'expired'] as const) {
      it(`leaves nothing behind when disposed of while ${stage}`, async () => {
        const captcha = await create(
          stage === 'asking'
            ? SCENARIOS.interactive
            : stage === 'failed'
              ? errorScenario('600010')
              : SCENARIOS.pass,
        );
        const waiting =
          stage === 'loading' || stage === 'asking' ? rejection(captcha.token(signal())) : null;
        if (stage === 'asking') await until(() => inner().querySelector('input'));
        if (stage === 'solved' || stage === 'expired') await solved(captcha);
        if (stage === 'expired') clock.advance(90_000);
        if (stage === 'given') await captcha.token(signal());
        if (stage === 'failed') await until(() => captcha.status === 'failed');
        const statuses = recordStatuses(captcha);
        captcha.dispose();
        if (waiting) expect((await waiting).reason).to.equal('captcha-closed');
        expect(place.childElementCount).to.equal(0);
        expect(frames()).to.deep.equal([]);
        expect(clock.pending).to.equal(0);
        captcha.solve();
        captcha.reset();
        expect((await rejection(captcha.token(signal()))).reason).to.equal('captcha-closed');
        expect(statuses).to.be.empty;
      });
    }
  });

  describe('with an API of other habits', () => {
    type Options = Record<string, unknown>;
    let given: Options;
    const call = (name: string, ...values: unknown[]): unknown =>
      (given[name] as (...values: unknown[]) => unknown)(...values);
    const fake = (overrides: object = {}): void => {
      const nothing = (): void => {};
      page.turnstile = {
        render: (_: unknown, options: Options) => {
          given = options;
          return 'id';
        },
        execute: nothing,
        reset: nothing,
        remove: nothing,
        ...overrides,
      };
    };
    const broken = (): never => {
      throw new Error('[Cloudflare Turnstile] Nothing to reset found for provided container');
    };

    it('survives an API that throws', async () => {
      fake({ execute: broken, reset: broken, remove: broken });
      const captcha = await create(SCENARIOS.pass);
      expect(captcha.status).to.equal('failed');
      const error = await rejection(captcha.token(signal()));
      expect(error.reason).to.equal('captcha-unavailable');
      captcha.reset();
    });

    it('fails where drawing throws, or gives nothing', async () => {
      for (const render of [broken, () => undefined, () => '']) {
        fake({ render });
        const error = await rejection(create(SCENARIOS.pass));
        expect(error.reason).to.equal('captcha-unavailable');
        expect(place.childElementCount).to.equal(0);
      }
    });

    it('keeps a token at hand whatever happens to the widget then', async () => {
      fake();
      const captcha = await create(SCENARIOS.pass);
      call('callback', '0.token');
      call('callback', '0.other');
      call('error-callback', '300030');
      call('timeout-callback');
      call('unsupported-callback');
      call('after-interactive-callback');
      expect(captcha.status).to.equal('solved');
      expect(clock.pending, 'the end of its freshness').to.equal(1);
      expect((await captcha.token(signal())).value).to.equal('0.token');
      // nor does a second word on it bring back what was given out
      call('callback', '0.token');
      const next = captcha.token(signal());
      call('callback', '0.next');
      expect((await next).value).to.equal('0.next');
    });

    it('takes a token that comes after it gave up waiting', async () => {
      fake();
      const captcha = await create(SCENARIOS.pass);
      clock.advance(20_000);
      expect(captcha.status).to.equal('failed');
      call('callback', '0.late');
      expect((await captcha.token(signal())).value).to.equal('0.late');
    });

    it('resets before it executes again, and never a widget that is fresh', async () => {
      const calls: string[] = [];
      fake({
        execute: (id: string) => calls.push(`execute ${id}`),
        reset: (id: string) => calls.push(`reset ${id}`),
        remove: (id: string) => calls.push(`remove ${id}`),
      });
      const captcha = await create(SCENARIOS.pass);
      expect(calls.splice(0)).to.deep.equal(['execute id']);
      call('error-callback', '600010');
      captcha.solve();
      expect(calls.splice(0)).to.deep.equal(['reset id', 'execute id']);
      call('callback', '0.token');
      captcha.reset();
      captcha.reset();
      expect(calls.splice(0)).to.deep.equal(['reset id']);
      captcha.solve();
      expect(calls.splice(0)).to.deep.equal(['execute id']);
      captcha.dispose();
      expect(calls.at(-1)).to.equal('remove id');
    });

    it('ignores callbacks after it was disposed of', async () => {
      fake();
      const captcha = await create(SCENARIOS.pass);
      const statuses = recordStatuses(captcha);
      captcha.dispose();
      call('callback', '0.late');
      call('error-callback', '600010');
      for (const name of [
        'before-interactive-callback',
        'after-interactive-callback',
        'timeout-callback',
        'expired-callback',
        'unsupported-callback',
      ]) {
        call(name);
        expect(clock.pending, name).to.equal(0);
      }
      expect(statuses).to.be.empty;
      expect((await rejection(captcha.token(signal()))).reason).to.equal('captcha-closed');
    });
  });
});
