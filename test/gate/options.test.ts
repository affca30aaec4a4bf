import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createGate, type GateOptions } from '../../src/gate/index.js';
import { HCAPTCHA_DUMMY_SECRET } from '../../src/gate/hcaptcha.js';
import {
  ALTCHA_KEY,
  DIGEST_SECRET,
  HCAPTCHA,
  JWT_SECRET,
  REDEEM_SECRET,
  TURN_SECRET,
} from './support.js';

const options: GateOptions = {
  origins: ['https://shop.example'],
  aliases: { sales: {} },
  jwtSecret: JWT_SECRET,
  digestSecret: DIGEST_SECRET,
  hcaptcha: HCAPTCHA,
  clientIp: () => '203.0.113.7',
};
const create = (more: Partial<GateOptions>) => () => createGate({ ...options, ...more });
const turn = { urls: ['turn:turn.example'], secret: TURN_SECRET };
const altcha = { hmacKey: ALTCHA_KEY };
const turnstile = { secret: '0x4AAAAAAAsecret-of-the-widget' };
const weekday = { hours: 'Mo-Fr 09:00-17:00', timeZone: 'Europe/Berlin' };

describe('a gate', () => {
  it('starts with the least options, and with all of them at their limits', () => {
    assert.doesNotThrow(create({}));
    assert.doesNotThrow(
      create({
        passSeconds: 90,
        redeemSecret: REDEEM_SECRET,
        turn: { ...turn, seconds: 86_400 },
        altcha: { ...altcha, cost: 1000, steps: 10, challengeSeconds: 3600 },
        hcaptcha: { ...HCAPTCHA, timeoutMs: 30_000, hostnames: [] },
        turnstile: { ...turnstile, timeoutMs: 30_000, hostnames: [] },
        aliases: { a: { captcha: ['none'] }, 'b-c_9': { ...weekday, closedOn: '2026-12-25' } },
        limits: { overall: { max: 1, seconds: 86_400 } },
        server: 'wss://a.example wss://b.example:8443/sip',
        captcha: 'altcha',
      }),
    );
  });

  const refusals: [name: string, more: Partial<GateOptions>, message: RegExp][] = [
    ['short secrets', { jwtSecret: 'x'.repeat(31) }, /jwtSecret .* 32 bytes/],
    ['short digest secrets', { digestSecret: 'x'.repeat(31) }, /digestSecret .* 32 bytes/],
    ['short redeem secrets', { redeemSecret: '' }, /redeemSecret .* 32 bytes/],
    ['short TURN secrets', { turn: { ...turn, secret: 'x' } }, /turn.secret .* 32 bytes/],
    ['short ALTCHA keys', { altcha: { hmacKey: 'x' } }, /altcha.hmacKey .* 32 bytes/],
    ['one secret for two uses', { digestSecret: JWT_SECRET }, /digestSecret must differ/],
    [
      "hCaptcha's test secret",
      { hcaptcha: { ...HCAPTCHA, secret: HCAPTCHA_DUMMY_SECRET } },
      /public test secret/,
    ],
    ...['1', '2', '3'].map((digit): [string, Partial<GateOptions>, RegExp] => [
      `Turnstile's test secret ${digit}x…`,
      { turnstile: { secret: `${digit}x0000000000000000000000000000000AA` } },
      /public test secrets/,
    ]),
    [
      'siteverify of Turnstile without TLS',
      { turnstile: { ...turnstile, verifyUrl: 'http://127.0.0.1:1/' } },
      /turnstile.verifyUrl.*no https: URL/,
    ],
    ['http origins', { origins: ['http://shop.example'] }, /no https: URL/],
    [
      'siteverify without TLS',
      { hcaptcha: { ...HCAPTCHA, verifyUrl: 'http://127.0.0.1:1/' } },
      /verifyUrl.*no https: URL/,
    ],
    ['WebSockets without TLS', { server: 'wss://a.example ws://b.example' }, /no wss: URL/],
  ];
  for (const [name, more, message] of refusals) {
    it(`does not start in production with ${name}`, () => {
      assert.throws(create(more), message);
      assert.throws(create({ ...more, production: true }), message);
    });
  }

  it('starts with test keys and without TLS in development, but not without secrets', () => {
    const development = {
      production: false,
      jwtSecret: 'a',
      digestSecret: 'b',
      hcaptcha: {
        secret: HCAPTCHA_DUMMY_SECRET,
        sitekey: '10000000-ffff-ffff-ffff-000000000001',
        verifyUrl: 'http://127.0.0.1:8080/siteverify',
      },
      turnstile: {
        secret: '1x0000000000000000000000000000000AA',
        verifyUrl: 'http://127.0.0.1:8080/siteverify',
      },
      origins: ['http://localhost:5173'],
      server: 'ws://localhost:5173/sip',
    };
    assert.doesNotThrow(create(development));
    assert.throws(create({ ...development, jwtSecret: '' }), /jwtSecret/);
    assert.throws(create({ ...development, digestSecret: 'a' }), /must differ/);
  });

  const mistakes: [name: string, more: Partial<GateOptions>, message: RegExp][] = [
    ['a pass that lives for 91 s', { passSeconds: 91 }, /passSeconds .* 10 to 90/],
    ['a pass that lives for 9 s', { passSeconds: 9 }, /passSeconds/],
    ['half seconds', { passSeconds: 60.5 }, /passSeconds/],
    ['no origin', { origins: [] }, /origins/],
    ['any origin', { origins: ['*'] }, /origins: "\*"/],
    ['the null origin', { origins: ['null'] }, /origins/],
    ['a URL as an origin', { origins: ['https://a.example/'] }, /should be "https:\/\/a.example"/],
    ['a default port', { origins: ['https://a.example:443'] }, /should be/],
    ['capitals', { origins: ['https://A.example'] }, /should be/],
    ['no alias', { aliases: {} }, /aliases/],
    ['a number as an alias', { aliases: { '+1900': {} } }, /must match/],
    ['an empty list of providers', { aliases: { a: { captcha: [] } } }, /no CAPTCHA/],
    [
      'an unknown provider',
      { aliases: { a: { captcha: ['captcha' as 'none'] } } },
      /is no CAPTCHA/,
    ],
    ['a provider without options', { aliases: { a: { captcha: ['altcha'] } } }, /not configured/],
    ['a default without options', { captcha: 'altcha' }, /not configured/],
    ['hours without a zone', { aliases: { a: { hours: 'Mo' } } }, /"a": time-zone: ""/],
    ['hours that say nothing', { aliases: { a: { ...weekday, hours: '9-5' } } }, /hours: "9-5"/],
    ['a wrong date', { aliases: { a: { ...weekday, closedOn: '24.12.' } } }, /closed-on: "24.12."/],
    ['a limit of nothing', { limits: { perIp: { max: 0, seconds: 1 } } }, /limits.perIp.max/],
    ['endless windows', { limits: { overall: { max: 1, seconds: 1e6 } } }, /overall.seconds/],
    ['an impatient timeout', { hcaptcha: { ...HCAPTCHA, timeoutMs: 50 } }, /timeoutMs/],
    ['an endless timeout', { turnstile: { ...turnstile, timeoutMs: 1e5 } }, /turnstile.timeoutMs/],
    ['an empty secret of Turnstile', { turnstile: { secret: '' } }, /turnstile needs secret/],
    ['Turnstile without options', { aliases: { a: { captcha: ['turnstile'] } } }, /not configured/],
    ['cheap challenges', { altcha: { ...altcha, cost: 1 } }, /altcha.cost/],
    ['short challenges', { altcha: { ...altcha, steps: 1 } }, /altcha.steps/],
    ['long-lived challenges', { altcha: { ...altcha, challengeSeconds: 1e5 } }, /challengeSec/],
    ['web servers as TURN servers', { turn: { ...turn, urls: ['https://a'] } }, /turn.urls/],
    ['TURN credentials for ever', { turn: { ...turn, seconds: 1e6 } }, /turn.seconds/],
    ['no way to an address', { clientIp: undefined as never }, /clientIp/],
  ];
  for (const [name, more, message] of mistakes) {
    it(`does not start with ${name}, in development neither`, () => {
      assert.throws(create(more), message);
      assert.throws(create({ ...more, production: false }), message);
    });
  }

  it('does not start without any CAPTCHA, unless it is asked for', () => {
    const { aliases, clientIp, digestSecret, jwtSecret, origins } = options;
    const bare = { aliases, clientIp, digestSecret, jwtSecret, origins };
    assert.throws(() => createGate(bare), /accepts no CAPTCHA/);
    assert.doesNotThrow(() => createGate({ ...bare, aliases: { a: { captcha: ['none'] } } }));
    assert.doesNotThrow(() => createGate({ ...bare, captcha: 'none' }));
    assert.doesNotThrow(() => createGate({ ...bare, altcha }));
  });
});
