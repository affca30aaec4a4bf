import { type Challenge, createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import { expect } from 'chai';
import { type AltchaSettings, createAltcha } from '../../src/captcha/altcha.js';
import type { EndReason } from '../../src/call/errors.js';
import type { Captcha } from '../../src/call/ports.js';
import { createAltcha as createVerifier } from '../../src/gate/altcha.js';
import { createMemoryStore } from '../../src/gate/store.js';
import { CAPTCHA_TOKEN_MAX, PROBLEM_BASE } from '../../src/shared/pass.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { until } from '../support/until.js';
import { captchaOptions, countingSignal, recordStatuses, rejection } from './support.js';

const GATE = 'https://gate.example/call';
const secrets = { hmacSignatureSecret: 'signs', hmacKeySignatureSecret: 'signs keys' };
const signal = (): AbortSignal => new AbortController().signal;

/** As a gate makes it; `counter` steps of work. */
function challenge(counter = 3, expiresInMs = 300_000): Promise<Challenge> {
  return createChallenge({
    algorithm: 'PBKDF2/SHA-256',
    cost: 1000,
    counter,
    deriveKey,
    data: { target: 'sales' },
    expiresAt: Math.floor((Date.now() + expiresInMs) / 1000),
    ...secrets,
  });
}

function verify(token: string): ReturnType<typeof verifySolution> {
  const payload = JSON.parse(atob(token)) as Parameters<typeof verifySolution>[0];
  return verifySolution({ ...payload, deriveKey, ...secrets });
}

const json = (body: unknown, init: ResponseInit = {}): Response =>
  new Response(JSON.stringify(body), {
    ...init,
    headers: { 'content-type': 'application/json', ...init.headers },
  });
const problem = (type: string, status: number, headers: Record<string, string> = {}): Response =>
  json({ type: PROBLEM_BASE + type, title: type, status }, { status, headers });

describe('ALTCHA', () => {
  const { fetch: realFetch } = window;
  const { deriveBits } = SubtleCrypto.prototype;
  let requests: { readonly url: string; readonly init: RequestInit }[];
  let answer: (signal: AbortSignal) => Promise<Response>;
  let steps: number;
  let onStep: () => void;
  let clock: ManualClock;
  let made: Captcha[];

  const create = async (settings: AltchaSettings = {}, gate = GATE): Promise<Captcha> => {
    const captcha = await createAltcha(captchaOptions({ gate }), signal(), { clock, ...settings });
    made.push(captcha);
    return captcha;
  };

  beforeEach(() => {
    requests = [];
    steps = 0;
    onStep = () => {};
    made = [];
    clock = createManualClock();
    // expiries are absolute
    const { now } = clock;
    const start = Date.now();
    clock.now = () => start + now();
    answer = async () => json(await challenge());
    window.fetch = (url, init = {}) => {
      requests.push({ url: new Request(url).url, init });
      return answer(init.signal!);
    };
    SubtleCrypto.prototype.deriveBits = function (...args) {
      steps++;
      onStep();
      return deriveBits.apply(this, args);
    };
  });

  afterEach(() => {
    for (const captcha of made) captcha.dispose();
    window.fetch = realFetch;
    SubtleCrypto.prototype.deriveBits = deriveBits;
    expect(clock.pending, 'timers left behind').to.equal(0);
  });

  describe('solving', () => {
    it('asks nobody before it has to', async () => {
      const captcha = await create();
      expect(captcha).to.include({
        provider: 'altcha',
        presentation: 'checkbox',
        status: 'ready',
      });
      expect(requests).to.be.empty;
    });

    it('solves a challenge for the target, as the library verifies', async () => {
      const captcha = await create();
      const statuses = recordStatuses(captcha);
      const abort = countingSignal();
      const token = await captcha.token(abort.signal);
      expect(await verify(token.value)).to.include({ verified: true, expired: false });
      expect(token.issuedAt).to.equal(clock.now());
      expect(statuses).to.deep.equal(['solving', 'solved']);
      expect(abort.listeners).to.equal(0);
      expect(requests.map(({ url }) => url)).to.deep.equal([
        'https://gate.example/call/challenge?target=sales',
      ]);
      const [{ init }] = requests as [(typeof requests)[number]];
      expect(init.method).to.equal(undefined);
      expect(init.credentials).to.equal('omit');
      expect(init.redirect).to.equal('error');
      expect(init.cache).to.equal('no-store');
    });

    it('makes tokens that our gate accepts, once', async () => {
      const tools = { store: createMemoryStore(), now: Date.now };
      const gate = createVerifier({ hmacKey: 'k'.repeat(32), cost: 1000, steps: 10 }, tools);
      answer = async () => json(await gate.challenge!('sales'));
      const captcha = await create();
      const { value } = await captcha.token(signal());
      expect(value.length).to.be.lessThan(CAPTCHA_TOKEN_MAX);
      const check = { ip: '192.0.2.1', alias: 'sales', signal: signal() };
      expect(await gate.verify(value, { ...check, alias: 'support' })).to.include({ ok: false });
      expect(await gate.verify(value, check)).to.include({ ok: true });
      expect(await gate.verify(value, check)).to.include({ ok: false });
    });

    it('finds the gate at an address with a slash or a query', async () => {
      for (const gate of [`${GATE}/`, `${GATE}?tenant=a`]) {
        await (await create({}, gate)).token(signal());
      }
      expect(requests.map(({ url }) => url)).to.deep.equal([
        'https://gate.example/call/challenge?target=sales',
        'https://gate.example/call/challenge?tenant=a&target=sales',
      ]);
    });

    it('solves ahead of token, once', async () => {
      const captcha = await create();
      captcha.solve();
      captcha.solve();
      await until(() => captcha.status === 'solved');
      captcha.solve();
      await captcha.token(signal());
      expect(requests).to.have.length(1);
    });

    it('solves a new challenge for each token', async () => {
      const captcha = await create();
      const { value } = await captcha.token(signal());
      expect((await captcha.token(signal())).value).to.not.equal(value);
      expect(requests).to.have.length(2);
    });

    it('starts no worker', async () => {
      const { Worker: RealWorker, SharedWorker: RealSharedWorker } = window;
      let workers = 0;
      const Counted = function (): never {
        workers++;
        throw new TypeError('blocked by worker-src');
      };
      Object.assign(window, { Worker: Counted, SharedWorker: Counted });
      try {
        const captcha = await create();
        await captcha.token(signal());
        expect(workers).to.equal(0);
      } finally {
        Object.assign(window, { Worker: RealWorker, SharedWorker: RealSharedWorker });
      }
    });

    it('leaves the event loop a turn at each step', async () => {
      answer = async () => json(await challenge(50));
      const captcha = await create();
      const token = captcha.token(signal());
      await until(() => steps > 51);
      const { port1, port2 } = new MessageChannel();
      let turns = 0;
      port1.onmessage = () => {
        turns++;
        port2.postMessage(null);
      };
      port2.postMessage(null);
      const before = steps;
      await token;
      port1.close();
      expect(turns).to.be.at.least(steps - before);
    });
  });

  describe('expiring', () => {
    it('expires with its challenge, and solves another by itself', async () => {
      answer = async () => json(await challenge(3, 60_000));
      const captcha = await create();
      captcha.solve();
      await until(() => captcha.status === 'solved');
      clock.advance(58_000);
      expect(captcha.status).to.equal('solved');
      clock.advance(2000);
      expect(captcha.status).to.equal('expired');
      expect((await captcha.token(signal())).issuedAt).to.equal(clock.now());
      expect(requests).to.have.length(2);
    });

    it('expires after 90 s however long the challenge lives', async () => {
      const captcha = await create();
      captcha.solve();
      await until(() => captcha.status === 'solved');
      clock.advance(89_999);
      expect(captcha.status).to.equal('solved');
      clock.advance(1);
      expect(captcha.status).to.equal('expired');
    });

    it('trusts the gate where the clock of the visitor is wrong', async () => {
      answer = async () => json(await challenge(3, -600_000));
      const captcha = await create();
      await captcha.token(signal());
      captcha.solve();
      await until(() => captcha.status === 'solved');
      clock.advance(89_999);
      expect(captcha.status).to.equal('solved');
    });

    it('forgets its token on reset', async () => {
      const captcha = await create();
      captcha.solve();
      await until(() => captcha.status === 'solved');
      captcha.reset();
      expect(captcha.status).to.equal('ready');
      await captcha.token(signal());
      expect(requests).to.have.length(2);
    });
  });

  describe('failing', () => {
    const html = (status: number): Response =>
      new Response('<!doctype html><title>Not a gate</title>', {
        status,
        headers: { 'content-type': 'text/html' },
      });
    const refusals: [string, () => Promise<Response>, EndReason][] = [
      [
        'is unreachable',
        () => Promise.reject(new TypeError('Failed to fetch')),
        'captcha-unavailable',
      ],
      ['answers in HTML', () => Promise.resolve(html(200)), 'captcha-unavailable'],
      ['is somewhere else', () => Promise.resolve(html(404)), 'captcha-unavailable'],
      ['is broken', () => Promise.resolve(html(500)), 'captcha-unavailable'],
      ['knows no such target', () => Promise.resolve(problem('target-unknown', 404)), 'not-found'],
      [
        'does not know the page',
        () => Promise.resolve(problem('origin-not-allowed', 403)),
        'not-allowed',
      ],
      ['is closed', () => Promise.resolve(problem('closed', 503)), 'closed'],
      [
        'is out of order',
        () => Promise.resolve(problem('unavailable', 503)),
        'service-unavailable',
      ],
    ];
    for (const [what, respond, reason] of refusals) {
      it(`fails by ${reason} where the gate ${what}, and can try again`, async () => {
        const good = answer;
        answer = respond;
        const captcha = await create();
        expect((await rejection(captcha.token(signal()))).reason).to.equal(reason);
        expect(captcha.status).to.equal('failed');
        answer = good;
        expect(await verify((await captcha.token(signal())).value)).to.include({ verified: true });
      });
    }

    it('says when to come back where the gate limits the rate', async () => {
      answer = () => Promise.resolve(problem('rate-limited', 429, { 'retry-after': '30' }));
      const captcha = await create();
      const error = await rejection(captcha.token(signal()));
      expect(error).to.include({ reason: 'rate-limited', retryAfter: 30 });
    });

    it('fails where the gate does not answer in time', async () => {
      answer = (given) =>
        new Promise((_, reject) => given.addEventListener('abort', () => reject(new Error())));
      const captcha = await create({ timeoutMs: 20 });
      expect((await rejection(captcha.token(signal()))).reason).to.equal('captcha-unavailable');
    });

    it('shows in its status that solving ahead failed', async () => {
      answer = () => Promise.reject(new TypeError('Failed to fetch'));
      const captcha = await create();
      captcha.solve();
      await until(() => captcha.status === 'failed');
    });

    const spoilt: [string, (good: Challenge) => unknown][] = [
      ['nothing', () => ({})],
      ['a list', () => []],
      ['a text', () => 'challenge'],
      ['no parameters', () => ({ parameters: null })],
      ['an absurd cost', (good) => change(good, { cost: 1e9 })],
      ['no cost', (good) => change(good, { cost: undefined })],
      ['a cost that is no number', (good) => change(good, { cost: 'high' })],
      ['an absurd key', (good) => change(good, { keyLength: 1e9 })],
      ['a prefix that anything matches', (good) => change(good, { keyPrefix: '' })],
      ['a prefix that nothing matches', (good) => change(good, { keyPrefix: 'f'.repeat(65) })],
      ['another algorithm', (good) => change(good, { algorithm: 'ARGON2ID' })],
      ['a salt that is no hex', (good) => change(good, { salt: 'salt' })],
      ['data that base64 cannot carry', (good) => change(good, { data: { target: '☎' } })],
    ];
    const change = (good: Challenge, parameters: object): unknown => ({
      ...good,
      parameters: { ...good.parameters, ...parameters },
    });
    for (const [what, spoil] of spoilt) {
      it(`fails by a challenge with ${what}`, async () => {
        const good = await challenge();
        answer = () => Promise.resolve(json(spoil(good)));
        const captcha = await create();
        const error = await rejection(captcha.token(signal()));
        expect(error).to.include({ name: 'CallError', reason: 'captcha-unavailable' });
      });
    }

    it('gives up a challenge that asks for too much work', async () => {
      const good = await challenge();
      answer = () => Promise.resolve(json(change(good, { keyPrefix: 'f'.repeat(32) })));
      const captcha = await create({ workMs: 30 });
      const error = await rejection(captcha.token(signal()));
      expect(error.reason).to.equal('captcha-unavailable');
      expect(steps).to.be.greaterThan(4);
    });
  });

  describe('leaving', () => {
    /** What was going on is over when the platform has had as many turns as one more step would take. */
    const stepsStop = async (): Promise<void> => {
      const last = steps;
      await challenge(1);
      await challenge(1);
      // two of them are ours
      expect(steps - last).to.be.at.most(3);
      const later = steps;
      await challenge(1);
      expect(steps - later).to.equal(1);
    };

    it('stops the work on abort, and can go on', async () => {
      const endless = await challenge(1);
      answer = () =>
        Promise.resolve(
          json({ ...endless, parameters: { ...endless.parameters, keyPrefix: 'f'.repeat(32) } }),
        );
      const captcha = await create();
      const abort = countingSignal();
      const token = rejection(captcha.token(abort.signal));
      const before = steps;
      await until(() => steps > before + 5);
      abort.abort();
      expect((await token).name).to.equal('AbortError');
      expect(captcha.status).to.equal('ready');
      expect(abort.listeners).to.equal(0);
      await stepsStop();
      expect(captcha.status).to.equal('ready');
      answer = async () => json(await challenge());
      expect(await verify((await captcha.token(signal())).value)).to.include({ verified: true });
    });

    it('takes no solution that is found after the abort', async () => {
      const good = await challenge(0);
      answer = () => Promise.resolve(json(good));
      const captcha = await create();
      const abort = new AbortController();
      onStep = () => abort.abort();
      const error = await rejection(captcha.token(abort.signal));
      expect(error.name).to.equal('AbortError');
      onStep = () => {};
      await stepsStop();
      expect(captcha.status).to.equal('ready');
      await captcha.token(signal());
      expect(requests).to.have.length(2);
    });

    it('stops the request on abort', async () => {
      let stopped: AbortSignal | undefined;
      answer = (given) => {
        stopped = given;
        return new Promise((_, reject) =>
          given.addEventListener('abort', () => reject(new Error())),
        );
      };
      const captcha = await create();
      const abort = new AbortController();
      const token = rejection(captcha.token(abort.signal));
      await until(() => stopped !== undefined);
      abort.abort();
      expect((await token).name).to.equal('AbortError');
      expect(stopped?.aborted).to.equal(true);
    });

    it('stops everything when disposed of', async () => {
      const good = await challenge();
      answer = () =>
        Promise.resolve(
          json({ ...good, parameters: { ...good.parameters, keyPrefix: 'f'.repeat(32) } }),
        );
      const captcha = await create();
      const token = rejection(captcha.token(signal()));
      const before = steps;
      await until(() => steps > before + 5);
      const statuses = recordStatuses(captcha);
      captcha.dispose();
      captcha.dispose();
      expect((await token).reason).to.equal('captcha-closed');
      await stepsStop();
      captcha.solve();
      expect((await rejection(captcha.token(signal()))).reason).to.equal('captcha-closed');
      expect(statuses).to.be.empty;
      expect(requests).to.have.length(1);
    });
  });
});
