import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { until } from '../until.js';
import { TEST_SECRET, TEST_SITEKEY, TEST_TOKEN } from './scenarios.js';
import { createHCaptchaStandIn, type HCaptchaStandIn } from './stand-in.js';

const SITE = { sitekey: 'scenario-pass', secret: 'secret of the site' };
const OTHER = { sitekey: 'scenario-challenge', secret: 'secret of another site' };

interface Verdict {
  readonly success: boolean;
  readonly challenge_ts?: string;
  readonly hostname?: string;
  readonly 'error-codes'?: readonly string[];
}

describe('hCaptcha stand-in', () => {
  let time = Date.parse('2026-01-05T12:00:00Z');
  let standIn: HCaptchaStandIn;
  let server: Awaited<ReturnType<HCaptchaStandIn['start']>>;

  before(async () => {
    standIn = createHCaptchaStandIn({ sites: [SITE, OTHER], now: () => time });
    server = await standIn.start();
  });
  after(() => server.close());
  beforeEach(() => {
    standIn.scriptFault = standIn.verifyFault = null;
  });

  const post = (form: Record<string, string>): Promise<Response> =>
    fetch(`${server.origin}/siteverify`, { method: 'POST', body: new URLSearchParams(form) });
  const verify = async (form: Record<string, string>): Promise<Verdict> =>
    (await post(form)).json() as Promise<Verdict>;
  const codes = async (form: Record<string, string>): Promise<readonly string[] | undefined> => {
    const verdict = await verify(form);
    assert.equal(verdict.success, false);
    return verdict['error-codes'];
  };

  describe('siteverify', () => {
    it('accepts a token once', async () => {
      const response = standIn.issue({ sitekey: SITE.sitekey, host: 'shop.example' });
      const form = { secret: SITE.secret, response, sitekey: SITE.sitekey, remoteip: '192.0.2.1' };
      assert.deepEqual(await verify(form), {
        success: true,
        challenge_ts: '2026-01-05T12:00:00.000Z',
        hostname: 'shop.example',
        credit: false,
      });
      assert.deepEqual(standIn.verifications.at(-1), form);
      assert.deepEqual(await codes(form), ['already-seen-response']);
    });

    it('needs neither sitekey nor address', async () => {
      const response = standIn.issue({ sitekey: SITE.sitekey });
      assert.equal((await verify({ secret: SITE.secret, response })).success, true);
    });

    it('accepts a token for 120 s', async () => {
      const [early, late] = [0, 1].map(() => standIn.issue({ sitekey: SITE.sitekey }));
      const start = time;
      time = start + 120_000;
      assert.equal((await verify({ secret: SITE.secret, response: early! })).success, true);
      time = start + 120_001;
      assert.deepEqual(await codes({ secret: SITE.secret, response: late! }), [
        'expired-input-response',
      ]);
    });

    it('refuses by the codes of hCaptcha', async () => {
      const response = standIn.issue({ sitekey: SITE.sitekey });
      const { secret } = SITE;
      assert.deepEqual(await codes({ response }), ['missing-input-secret']);
      assert.deepEqual(await codes({ secret }), ['missing-input-response']);
      assert.deepEqual(await codes({ secret: 'wrong', response }), ['invalid-input-secret']);
      assert.deepEqual(await codes({ secret, response: 'P1_e30.0' }), ['invalid-input-response']);
      assert.deepEqual(await codes({ secret, response: `${response}0` }), [
        'invalid-input-response',
      ]);
      assert.deepEqual(await codes({ secret, response, remoteip: 'me' }), ['invalid-remoteip']);
      assert.deepEqual(await codes({ secret, response, sitekey: OTHER.sitekey }), [
        'sitekey-secret-mismatch',
      ]);
      assert.deepEqual(await codes({ secret: OTHER.secret, response }), [
        'sitekey-secret-mismatch',
      ]);
      // none of these has used it up
      assert.equal((await verify({ secret, response })).success, true);
    });

    it('knows the public test keys', async () => {
      const test = { secret: TEST_SECRET, response: TEST_TOKEN };
      for (let use = 0; use < 2; use++) {
        const verdict = await verify({ ...test, sitekey: TEST_SITEKEY });
        assert.equal(verdict.success, true);
        assert.equal(verdict.hostname, 'dummy-key-pass');
      }
      assert.deepEqual(await codes({ ...test, sitekey: SITE.sitekey }), [
        'sitekey-secret-mismatch',
      ]);
      assert.deepEqual(await codes({ ...test, response: standIn.issue(SITE) }), [
        'not-using-dummy-passcode',
      ]);
      assert.deepEqual(await codes({ ...test, secret: SITE.secret }), ['not-using-dummy-secret']);
    });

    it('reads forms and nothing else', async () => {
      const response = await fetch(`${server.origin}/siteverify`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ secret: SITE.secret, response: standIn.issue(SITE) }),
      });
      const verdict = (await response.json()) as Verdict;
      assert.deepEqual(verdict, { success: false, 'error-codes': ['bad-request'] });
      assert.equal((await fetch(`${server.origin}/siteverify`)).status, 404);
    });

    it('fails as it is told to', async () => {
      const form = () => ({ secret: SITE.secret, response: standIn.issue(SITE) });
      standIn.verifyFault = 'http-500';
      assert.equal((await post(form())).status, 500);
      standIn.verifyFault = 'html';
      assert.match(await (await post(form())).text(), /<!doctype html>/);
      standIn.verifyFault = 'wrong-hostname';
      assert.equal((await verify(form())).hostname, 'evil.example');
      standIn.verifyFault = 'stale';
      const { challenge_ts: stamp } = await verify(form());
      assert.equal(time - Date.parse(stamp!), 3_600_000);
    });

    it('says nothing where it is told to hang', async () => {
      standIn.verifyFault = 'hang';
      const given = { secret: SITE.secret, response: standIn.issue(SITE) };
      const before = standIn.verifications.length;
      const abort = new AbortController();
      const answer = fetch(`${server.origin}/siteverify`, {
        method: 'POST',
        body: new URLSearchParams(given),
        signal: abort.signal,
      });
      await until(() => standIn.verifications.length > before);
      abort.abort();
      await assert.rejects(answer, { name: 'AbortError' });
    });
  });

  describe('script', () => {
    const load = (): Promise<Response> => fetch(`${server.origin}/1/api.js?render=explicit`);

    it('may be loaded from any origin', async () => {
      const response = await load();
      assert.equal(response.status, 200);
      assert.match(response.headers.get('content-type') ?? '', /^text\/javascript/);
      assert.equal(response.headers.get('access-control-allow-origin'), '*');
      assert.match(await response.text(), /window\.hcaptcha = /);
    });

    it('is missing, or never ready, as it is told to', async () => {
      standIn.scriptFault = 'not-found';
      assert.equal((await load()).status, 404);
      standIn.scriptFault = 'onload-never';
      assert.match(
        await (await load()).text(),
        /^window\.hcaptchaStandIn = \{ onload: "never" \};/,
      );
    });
  });
});
