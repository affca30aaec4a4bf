import { expect } from 'chai';
import { createHCaptcha } from '../../src/captcha/hcaptcha.js';
import type { EndReason } from '../../src/call/errors.js';
import type { Captcha, CaptchaOptions } from '../../src/call/ports.js';
import { decodeToken } from '../support/captcha-token.js';
import {
  CALLBACK_ERRORS,
  errorScenario,
  PROMISE_ERRORS,
  SCENARIOS,
  TEST_SITEKEY,
  TEST_TOKEN,
} from '../support/hcaptcha/scenarios.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { until } from '../support/until.js';
import {
  captchaOptions,
  countingSignal,
  forgetApi,
  page,
  recordStatuses,
  rejection,
} from './support.js';

const signal = (): AbortSignal => new AbortController().signal;

describe('hCaptcha', () => {
  let place: HTMLElement;
  let clock: ManualClock;
  let made: Captcha[];

  const create = async (
    sitekey: string,
    overrides: Partial<CaptchaOptions> = {},
  ): Promise<Captcha> => {
    const options = captchaOptions({ container: place, sitekey, ...overrides });
    const captcha = await createHCaptcha(options, signal(), { clock });
    made.push(captcha);
    return captcha;
  };
  const iframe = (): HTMLIFrameElement => place.querySelector('iframe')!;
  const checkbox = (): HTMLInputElement => iframe().contentDocument!.querySelector('input')!;
  const challenge = (): HTMLElement | null =>
    document.querySelector<HTMLElement>('body > [data-hcaptcha-challenge]');
  const press = async (action: 'solve' | 'close'): Promise<void> => {
    const popup = await until(challenge);
    popup.querySelector<HTMLButtonElement>(`[data-action=${action}]`)!.click();
  };

  beforeEach(() => {
    place = document.createElement('div');
    document.body.append(place);
    clock = createManualClock();
    made = [];
  });

  afterEach(() => {
    for (const captcha of made) captcha.dispose();
    place.remove();
    forgetApi();
    expect(challenge(), 'challenge left behind').to.equal(null);
    expect(clock.pending, 'timers left behind').to.equal(0);
  });

  describe('drawing', () => {
    it('puts the checkbox into a child of the container', async () => {
      const captcha = await create(SCENARIOS.pass, { lang: 'de-AT', theme: 'dark' });
      expect(captcha).to.include({
        provider: 'hcaptcha',
        presentation: 'container',
        status: 'ready',
      });
      expect(place.childElementCount).to.equal(1);
      expect(iframe().parentElement).to.equal(place.firstElementChild);
      expect(iframe().style.width).to.equal('303px');
      const { documentElement, body } = iframe().contentDocument!;
      expect(documentElement.lang).to.equal('de');
      expect(body.style.color).to.equal('rgb(255, 255, 255)');
      expect(place.querySelector('[name=g-recaptcha-response]')).to.equal(null);
    });

    it('keeps the region of the languages that hCaptcha knows by region', async () => {
      await create(SCENARIOS.pass, { lang: 'pt-BR', size: 'compact' });
      expect(iframe().contentDocument!.documentElement.lang).to.equal('pt-BR');
      expect(iframe().style.width).to.equal('164px');
    });

    it('fails where the script is not to be had', async () => {
      const error = await rejection(create(SCENARIOS.pass, { host: `${location.origin}/nowhere` }));
      expect(error.reason).to.equal('captcha-unavailable');
      expect(place.childElementCount).to.equal(0);
    });

    it('fails where hCaptcha draws nothing', async () => {
      const error = await rejection(create('', { sitekey: null }));
      expect(error.reason).to.equal('captcha-unavailable');
      expect(place.childElementCount).to.equal(0);
    });

    it('draws nothing after an abort while the script loads', async () => {
      const abort = countingSignal();
      const creation = createHCaptcha(
        captchaOptions({ container: place, sitekey: SCENARIOS.pass }),
        abort.signal,
        { clock },
      );
      abort.abort();
      expect((await rejection(creation)).name).to.equal('AbortError');
      expect(place.childElementCount).to.equal(0);
      expect(abort.listeners).to.equal(0);
    });

    it('can be drawn again after its container was moved', async () => {
      const first = await create(SCENARIOS.pass);
      const elsewhere = document.createElement('section');
      document.body.append(elsewhere);
      elsewhere.append(place);
      first.dispose();
      const second = await create(SCENARIOS.pass);
      expect(checkbox().type).to.equal('checkbox');
      expect(decodeToken((await second.token(signal())).value)).to.not.equal(null);
      elsewhere.remove();
    });
  });

  describe('solving', () => {
    it('has a token at hand when the visitor has ticked the box', async () => {
      const captcha = await create(SCENARIOS.pass);
      const statuses = recordStatuses(captcha);
      clock.advance(5000);
      checkbox().click();
      await until(() => captcha.status === 'solved');
      await until(() => checkbox().checked);
      const token = await captcha.token(signal());
      expect(decodeToken(token.value)).to.include({
        sitekey: SCENARIOS.pass,
        host: location.hostname,
      });
      expect(token.issuedAt).to.equal(5000);
      expect(statuses).to.deep.equal(['solved']);
    });

    it('waits for a challenge that the visitor has opened', async () => {
      const captcha = await create(SCENARIOS.challenge);
      checkbox().click();
      await until(() => captcha.status === 'solving');
      const token = captcha.token(signal());
      await press('solve');
      expect(decodeToken((await token).value)?.sitekey).to.equal(SCENARIOS.challenge);
    });

    it('opens the challenge on token and waits for the solution', async () => {
      const captcha = await create(SCENARIOS.challenge);
      const statuses = recordStatuses(captcha);
      const abort = countingSignal();
      const token = captcha.token(abort.signal);
      await press('solve');
      expect(decodeToken((await token).value)?.sitekey).to.equal(SCENARIOS.challenge);
      expect(statuses).to.deep.equal(['solving', 'solved']);
      expect(abort.listeners).to.equal(0);
      expect(clock.pending).to.equal(0);
    });

    it('solves ahead of token', async () => {
      const captcha = await create(SCENARIOS.challenge);
      captcha.solve();
      captcha.solve();
      await press('solve');
      expect(captcha.status).to.equal('solved');
      captcha.solve();
      expect(captcha.status).to.equal('solved');
      await captcha.token(signal());
    });

    it('hands a token out once', async () => {
      const captcha = await create(SCENARIOS.challenge);
      const first = captcha.token(signal());
      await press('solve');
      const { value } = await first;
      await until(() => checkbox().checked);
      const second = captcha.token(signal());
      expect(captcha.status).to.equal('solving');
      await until(() => !checkbox().checked);
      await press('solve');
      expect((await second).value).to.not.equal(value);
    });

    it('hands a token out once though hCaptcha tells of it twice', async () => {
      const captcha = await create(TEST_SITEKEY);
      const api = page.hcaptcha!;
      const { execute } = api;
      let executions = 0;
      api.execute = ((...args: Parameters<typeof execute>) => {
        executions++;
        return execute(...args);
      }) as typeof execute;
      expect((await captcha.token(signal())).value).to.equal(TEST_TOKEN);
      // the promise of `execute` tells after the callback
      await Promise.resolve();
      expect((await captcha.token(signal())).value).to.equal(TEST_TOKEN);
      expect(executions).to.equal(2);
    });

    it('forgets a token after 90 s and asks again', async () => {
      const captcha = await create(SCENARIOS.challenge);
      const statuses = recordStatuses(captcha);
      captcha.solve();
      await press('solve');
      await until(() => checkbox().checked);
      clock.advance(89_999);
      expect(captcha.status).to.equal('solved');
      clock.advance(1);
      expect(captcha.status).to.equal('expired');
      await until(() => !checkbox().checked);
      const token = captcha.token(signal());
      await press('solve');
      expect((await token).issuedAt).to.equal(90_000);
      expect(statuses).to.deep.equal(['solving', 'solved', 'expired', 'solving', 'solved']);
    });

    it('gives a token of 89 s', async () => {
      const captcha = await create(SCENARIOS.pass);
      captcha.solve();
      await until(() => captcha.status === 'solved');
      clock.advance(89_000);
      expect((await captcha.token(signal())).issuedAt).to.equal(0);
    });

    it('gives no token of more than 90 s when timers slept with the computer', async () => {
      const captcha = await create(SCENARIOS.challenge);
      captcha.solve();
      await press('solve');
      const { now } = clock;
      clock.now = () => now() + 100_000;
      const token = captcha.token(signal());
      expect(captcha.status).to.equal('solving');
      await press('solve');
      expect((await token).issuedAt).to.equal(100_000);
    });

    it('serves the last who asks', async () => {
      const captcha = await create(SCENARIOS.challenge);
      const first = rejection(captcha.token(signal()));
      const second = captcha.token(signal());
      await press('solve');
      expect((await first).reason).to.equal('captcha-closed');
      expect(decodeToken((await second).value)).to.not.equal(null);
    });

    it('keeps two widgets apart', async () => {
      const one = await create(SCENARIOS.pass);
      const other = document.createElement('div');
      document.body.append(other);
      const two = await create(SCENARIOS.challenge, { container: other });
      expect(decodeToken((await one.token(signal())).value)?.sitekey).to.equal(SCENARIOS.pass);
      expect(two.status).to.equal('ready');
      one.dispose();
      const token = two.token(signal());
      await press('solve');
      expect(decodeToken((await token).value)?.sitekey).to.equal(SCENARIOS.challenge);
      other.remove();
    });
  });

  describe('failing', () => {
    it('says when the visitor closes the challenge, and asks again', async () => {
      const captcha = await create(SCENARIOS.challenge);
      const token = rejection(captcha.token(signal()));
      await press('close');
      expect((await token).reason).to.equal('captcha-closed');
      expect(captcha.status).to.equal('ready');
      const again = captcha.token(signal());
      await press('solve');
      expect(decodeToken((await again).value)).to.not.equal(null);
    });

    it('returns to ready when the visitor closes a challenge of their own', async () => {
      const captcha = await create(SCENARIOS.userCloses);
      const statuses = recordStatuses(captcha);
      checkbox().click();
      await until(() => statuses.length === 2);
      expect(statuses).to.deep.equal(['solving', 'ready']);
    });

    it('says when the challenge expires', async () => {
      const captcha = await create(SCENARIOS.challengeExpires);
      const error = await rejection(captcha.token(signal()));
      expect(error.reason).to.equal('captcha-expired');
      expect(captcha.status).to.equal('expired');
    });

    it('notices when hCaptcha lets its token expire, and asks again', async () => {
      const captcha = await create(SCENARIOS.tokenExpires);
      captcha.solve();
      await until(() => captcha.status === 'expired');
      expect(decodeToken((await captcha.token(signal())).value)).to.not.equal(null);
    });

    const reasons: Partial<Record<string, EndReason>> = { 'rate-limited': 'rate-limited' };
    for (const code of [...CALLBACK_ERRORS, ...PROMISE_ERRORS]) {
      it(`fails by ${code}`, async () => {
        const captcha = await create(errorScenario(code));
        const error = await rejection(captcha.token(signal()));
        expect(error.reason).to.equal(reasons[code] ?? 'captcha-unavailable');
        expect(error.message).to.contain(code);
        expect(captcha.status).to.equal('failed');
      });
    }

    it('shows an error that comes without being asked', async () => {
      const captcha = await create(errorScenario('network-error'));
      checkbox().click();
      await until(() => captcha.status === 'failed');
    });

    it('never rejects when solving ahead fails', async () => {
      const captcha = await create(errorScenario('network-error'));
      captcha.solve();
      await until(() => captcha.status === 'failed');
    });

    it('fails after 15 s without a challenge', async () => {
      const captcha = await create(SCENARIOS.neverReady);
      const token = rejection(captcha.token(signal()));
      clock.advance(14_999);
      expect(captcha.status).to.equal('solving');
      clock.advance(1);
      expect((await token).reason).to.equal('captcha-unavailable');
      expect(captcha.status).to.equal('failed');
    });

    it('leaves the visitor all the time for an open challenge', async () => {
      const captcha = await create(SCENARIOS.challenge);
      const token = captcha.token(signal());
      await until(challenge);
      clock.advance(600_000);
      await press('solve');
      expect((await token).issuedAt).to.equal(600_000);
    });
  });

  describe('leaving', () => {
    it('closes the challenge on abort, and can go on', async () => {
      const captcha = await create(SCENARIOS.challenge);
      const abort = countingSignal();
      const token = rejection(captcha.token(abort.signal));
      await until(challenge);
      abort.abort();
      expect((await token).name).to.equal('AbortError');
      expect(challenge()).to.equal(null);
      expect(captcha.status).to.equal('ready');
      expect(abort.listeners).to.equal(0);
      const again = captcha.token(signal());
      await press('solve');
      expect(decodeToken((await again).value)).to.not.equal(null);
    });

    it('is not failed by the end of an earlier challenge', async () => {
      const captcha = await create(SCENARIOS.challenge);
      const abort = new AbortController();
      const first = rejection(captcha.token(abort.signal));
      await until(challenge);
      abort.abort();
      // the promise of the closed challenge rejects only now
      const second = captcha.token(signal());
      await first;
      expect(captcha.status).to.equal('solving');
      await press('solve');
      expect(decodeToken((await second).value)).to.not.equal(null);
    });

    it('does not begin with a signal that is aborted', async () => {
      const captcha = await create(SCENARIOS.challenge);
      const error = await rejection(captcha.token(AbortSignal.abort()));
      expect(error.name).to.equal('AbortError');
      expect(captcha.status).to.equal('ready');
    });

    it('forgets its token on reset', async () => {
      const captcha = await create(SCENARIOS.challenge);
      captcha.solve();
      await press('solve');
      await until(() => checkbox().checked);
      captcha.reset();
      expect(captcha.status).to.equal('ready');
      await until(() => !checkbox().checked);
      const token = captcha.token(signal());
      await press('solve');
      await token;
    });

    it('closes the challenge on reset', async () => {
      const captcha = await create(SCENARIOS.challenge);
      const token = rejection(captcha.token(signal()));
      await until(challenge);
      captcha.reset();
      expect((await token).reason).to.equal('captcha-closed');
      expect(challenge()).to.equal(null);
      expect(captcha.status).to.equal('ready');
    });

    for (const stage of ['ready', 'asking', 'open', 'solved', 'given'] as const) {
      it(`leaves nothing behind when disposed of while ${stage}`, async () => {
        const captcha = await create(SCENARIOS.challenge);
        let token: Promise<unknown> = Promise.resolve();
        if (stage !== 'ready') token = captcha.token(signal()).catch((error: unknown) => error);
        if (stage === 'open') await until(challenge);
        if (stage === 'solved' || stage === 'given') {
          await press('solve');
          await token;
        }
        if (stage === 'solved') {
          captcha.solve();
          await press('solve');
        }
        const statuses = recordStatuses(captcha);
        captcha.dispose();
        captcha.dispose();
        if (stage === 'asking' || stage === 'open') {
          expect(await token).to.include({ reason: 'captcha-closed' });
        }
        expect(place.childElementCount).to.equal(0);
        expect(challenge()).to.equal(null);
        expect(clock.pending).to.equal(0);
        expect(() => page.hcaptcha!.getResponse()).to.throw('no captchas exist');
        captcha.solve();
        captcha.reset();
        expect((await rejection(captcha.token(signal()))).reason).to.equal('captcha-closed');
        expect(statuses).to.be.empty;
      });
    }
  });

  describe('with an API of other habits', () => {
    const fake = (overrides: Partial<HCaptcha>): void => {
      const nothing = (): void => {};
      page.hcaptcha = {
        render: () => 'id',
        execute: nothing,
        reset: nothing,
        close: nothing,
        remove: nothing,
        ...overrides,
      } as HCaptcha;
    };
    const broken = (): never => {
      throw new Error('[hCaptcha] invalid captcha id: id');
    };

    it('survives an API that throws', async () => {
      fake({ execute: broken, reset: broken, close: broken, remove: broken });
      const captcha = await create(SCENARIOS.pass);
      const error = await rejection(captcha.token(signal()));
      expect(error.reason).to.equal('captcha-unavailable');
      captcha.reset();
      captcha.dispose();
      expect(place.childElementCount).to.equal(0);
    });

    it('fails where drawing throws', async () => {
      fake({ render: broken });
      const error = await rejection(create(SCENARIOS.pass));
      expect(error.reason).to.equal('captcha-unavailable');
      expect(place.childElementCount).to.equal(0);
    });

    it('reads the codes that come as objects', async () => {
      const codes: [string, EndReason][] = [
        ['challenge closed', 'captcha-closed'],
        ['challenge expired', 'captcha-expired'],
        ['constructor', 'captcha-unavailable'],
      ];
      for (const [message, reason] of codes) {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as hCaptcha does
        fake({ execute: () => Promise.reject({ name: 'ApiError', message }) });
        const captcha = await create(SCENARIOS.pass);
        expect((await rejection(captcha.token(signal()))).reason).to.equal(reason);
      }
    });

    it('takes the token from the promise alone', async () => {
      fake({ execute: () => Promise.resolve({ response: 'P1_token', key: 'E1_key' }) });
      const captcha = await create(SCENARIOS.pass);
      expect((await captcha.token(signal())).value).to.equal('P1_token');
    });

    it('does not take a token twice where the promise tells before the callback', async () => {
      let tell: (token: string) => void = () => {};
      let executions = 0;
      fake({
        render: (_, { callback }) => {
          tell = callback as typeof tell;
          return 'id';
        },
        execute: () => {
          executions++;
          return Promise.resolve({ response: 'P1_token', key: 'E1_key' });
        },
      });
      const captcha = await create(SCENARIOS.pass);
      await captcha.token(signal());
      tell('P1_token');
      await captcha.token(signal());
      expect(executions).to.equal(2);
    });

    it('calls off what has not opened in time', async () => {
      let closed = 0;
      fake({ close: () => closed++ });
      const captcha = await create(SCENARIOS.pass);
      const token = rejection(captcha.token(signal()));
      clock.advance(15_000);
      expect((await token).reason).to.equal('captcha-unavailable');
      expect(closed).to.equal(1);
    });

    it('ignores callbacks after it was disposed of', async () => {
      let config: ConfigRender = { sitekey: '' };
      fake({
        render: (_, given) => {
          config = given;
          return 'id';
        },
      });
      const captcha = await create(SCENARIOS.pass);
      const statuses = recordStatuses(captcha);
      captcha.dispose();
      (config.callback as (token: string) => void)('P1_late');
      expect(clock.pending).to.equal(0);
      for (const name of [
        'open-callback',
        'close-callback',
        'expired-callback',
        'chalexpired-callback',
      ] as const) {
        (config[name] as () => void)();
      }
      (config['error-callback'] as (code: string) => void)('network-error');
      expect(statuses).to.be.empty;
      expect((await rejection(captcha.token(signal()))).reason).to.equal('captcha-closed');
    });
  });
});
