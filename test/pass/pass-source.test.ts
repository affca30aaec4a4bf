import { expect } from 'chai';
import { CallError, type EndReason } from '../../src/call/errors.js';
import { createPassSource } from '../../src/pass/pass-source.js';
import { isPass } from '../../src/pass/is-pass.js';
import {
  type PassRequest,
  type PassResponse,
  PROBLEM_BASE,
  PROBLEM_TYPES,
  type ProblemType,
} from '../../src/shared/pass.js';

const GATE = 'https://gate.example/call-gate';
const REQUEST: PassRequest = {
  target: 'sales',
  provider: 'hcaptcha',
  token: 'P1_token',
  name: 'Zoë Ω',
};
const PASS: PassResponse = {
  pass: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzYWxlcyJ9.c2lnbmF0dXJl',
  username: '1760000000:jti.sales',
  password: 'q83vEjRWeJCrze8SNFZ4kA==',
  expiresAt: Date.now() / 1000 + 60,
};
const signal = (): AbortSignal => new AbortController().signal;

const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
const html = (status: number, headers: Record<string, string> = {}): Response =>
  new Response('<!doctype html><title>Bad gateway</title>', {
    status,
    headers: { 'content-type': 'text/html', ...headers },
  });

describe('pass source', () => {
  const { fetch: realFetch } = window;
  let requests: { readonly url: string; readonly init: RequestInit }[];
  let answer: (signal: AbortSignal) => Response | Promise<Response>;

  /** The error of a request that fails, after exactly one attempt. */
  const failure = async (response: Response, sent = signal()): Promise<CallError> => {
    answer = () => response;
    requests = [];
    const error: unknown = await createPassSource(GATE)
      .request(REQUEST, sent)
      .then(
        () => null,
        (reason: unknown) => reason,
      );
    expect(requests).to.have.length(1);
    expect(error).to.be.instanceOf(CallError);
    return error as CallError;
  };

  beforeEach(() => {
    requests = [];
    window.fetch = async (url, init = {}) => {
      requests.push({ url: new Request(url).url, init });
      return answer(init.signal!);
    };
  });

  afterEach(() => {
    window.fetch = realFetch;
  });

  describe('ahead of asking', () => {
    it('asks the same address the same way but for nothing, at most every 5 s, and never fails', () => {
      const { performance } = window;
      let now = 0;
      Object.defineProperty(window, 'performance', {
        value: { now: () => now },
        configurable: true,
      });
      try {
        answer = () => Promise.reject(new TypeError('unreachable'));
        const source = createPassSource(GATE);
        const later = new AbortController();
        source.warm(later.signal);
        now = 4999;
        source.warm(later.signal);
        expect(requests).to.have.length(1);
        const [{ url, init }] = requests as [(typeof requests)[number]];
        expect(url).to.equal('https://gate.example/call-gate/pass');
        // another kind of request would open a connection, or ask a preflight, of another kind
        expect(init).to.deep.include({
          credentials: 'omit',
          headers: { 'content-type': 'application/json' },
        });
        expect(init).not.to.have.any.keys('method', 'body');
        now = 5000;
        source.warm(later.signal);
        later.abort();
        source.warm(AbortSignal.abort());
        expect(requests).to.have.length(2);
      } finally {
        Object.defineProperty(window, 'performance', { value: performance, configurable: true });
      }
    });
  });

  describe('asking', () => {
    it('posts JSON once, without cookies, cache, redirects or the address of the page', async () => {
      answer = () => json(PASS);
      expect(await createPassSource(GATE).request(REQUEST, signal())).to.deep.equal(PASS);
      expect(requests).to.have.length(1);
      const [{ url, init }] = requests as [(typeof requests)[number]];
      expect(url).to.equal('https://gate.example/call-gate/pass');
      expect(init).to.include({
        method: 'POST',
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        referrerPolicy: 'strict-origin',
      });
      expect(new Headers(init.headers).get('content-type')).to.equal('application/json');
      expect(JSON.parse(init.body as string)).to.deep.equal(REQUEST);
    });

    it('finds the gate at any kind of address', async () => {
      answer = () => json(PASS);
      const addresses = ['https://a.example', 'https://a.example/g/', 'https://a.example/g?t=1'];
      for (const gate of addresses) await createPassSource(gate).request(REQUEST, signal());
      expect(requests.map(({ url }) => url)).to.deep.equal([
        'https://a.example/pass',
        'https://a.example/g/pass',
        'https://a.example/g/pass?t=1',
      ]);
    });

    it('passes on what the gate adds', async () => {
      const full: PassResponse = {
        ...PASS,
        server: 'wss://one.example/sip wss://two.example',
        domain: 'sip.example',
        iceServers: [
          { urls: 'stun:stun.example' },
          {
            urls: ['turn:turn.example?transport=udp', 'turns:turn.example'],
            username: 'u',
            credential: 'c',
          },
        ],
      };
      answer = () => json(full);
      expect(await createPassSource(GATE).request(REQUEST, signal())).to.deep.equal(full);
    });
  });

  describe('being refused', () => {
    const reasons: Record<ProblemType, [status: number, reason: EndReason]> = {
      'bad-request': [400, 'gate-error'],
      'origin-not-allowed': [403, 'not-allowed'],
      'target-unknown': [404, 'not-found'],
      'captcha-required': [403, 'not-allowed'],
      'captcha-failed': [403, 'captcha-failed'],
      'captcha-expired': [403, 'captcha-expired'],
      'captcha-replayed': [403, 'captcha-expired'],
      'captcha-unavailable': [503, 'captcha-unavailable'],
      'rate-limited': [429, 'rate-limited'],
      closed: [503, 'closed'],
      unauthorized: [401, 'gate-error'],
      'pass-refused': [403, 'not-allowed'],
      'not-found': [404, 'gate-error'],
      'method-not-allowed': [405, 'gate-error'],
      'payload-too-large': [413, 'gate-error'],
      'unsupported-media-type': [415, 'gate-error'],
      unavailable: [503, 'service-unavailable'],
    };
    for (const type of PROBLEM_TYPES) {
      const [status, reason] = reasons[type];
      it(`takes ${type} for ${reason}`, async () => {
        const problem = { type: PROBLEM_BASE + type, title: type, status };
        const error = await failure(
          json(problem, status, { 'content-type': 'application/problem+json' }),
        );
        expect(error).to.include({ reason, status });
        expect(error.retryAfter).to.equal(undefined);
      });
    }

    const byStatus: [number, EndReason][] = [
      [400, 'gate-error'],
      [403, 'not-allowed'],
      [404, 'gate-error'],
      [429, 'rate-limited'],
      [500, 'gate-error'],
      [502, 'gate-error'],
      [503, 'service-unavailable'],
    ];
    for (const [status, reason] of byStatus) {
      it(`takes ${status} of a type unknown, or in HTML, for ${reason}`, async () => {
        for (const type of [
          'urn:other:problem',
          'about:blank',
          'constructor',
          '__proto__',
          7,
          null,
        ]) {
          expect(await failure(json({ type }, status))).to.include({ reason, status });
        }
        expect(await failure(json(null, status))).to.include({ reason, status });
        expect(await failure(html(status))).to.include({ reason, status });
      });
    }

    it('says when to come back', async () => {
      const after = (value: string): Promise<CallError> =>
        failure(html(503, { 'retry-after': value }));
      expect((await after('120')).retryAfter).to.equal(120);
      expect((await after('0')).retryAfter).to.equal(0);
      const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();
      expect((await after(inAnHour)).retryAfter).to.be.within(3590, 3600);
      for (const useless of ['', 'soon', '-5', '1.5', new Date(0).toUTCString()]) {
        expect((await after(useless)).retryAfter, useless).to.equal(undefined);
      }
    });
  });

  describe('answers that are none', () => {
    it('takes a page for no gate', async () => {
      expect(await failure(html(200))).to.include({ reason: 'gate-error' });
      expect(await failure(new Response(null, { status: 204 }))).to.include({
        reason: 'gate-error',
      });
    });

    it('reads no endless answer', async () => {
      expect(await failure(json({ ...PASS, more: 'x'.repeat(40_000) }))).to.include({
        reason: 'gate-error',
      });
    });

    const wrong: [string, object][] = [
      ['no pass', { pass: undefined }],
      ['an empty pass', { pass: '' }],
      ['a pass that is no text', { pass: 7 }],
      ['a pass with a line break', { pass: 'a.b.c\r\nX-Admin: yes' }],
      ['a pass with a line feed at its end', { pass: 'a.b.c\n' }],
      ['a pass with a space', { pass: 'a b' }],
      ['a pass beyond ASCII', { pass: 'pässe' }],
      ['a pass of more than 4 kB', { pass: 'x'.repeat(4097) }],
      ['no user name', { username: undefined }],
      ['a user name with a quote', { username: '1:j.sales", realm="x' }],
      ['a user name with a backslash', { username: '1:j.sales\\' }],
      ['no password', { password: undefined }],
      ['a password with a line break', { password: 'a\nb' }],
      ['no expiry', { expiresAt: undefined }],
      ['an expiry that is no number', { expiresAt: '2099-01-01' }],
      ['an expiry in text', { expiresAt: String(PASS.expiresAt) }],
      ['an expiry in milliseconds', { expiresAt: Date.now() }],
      ['an expiry of long ago', { expiresAt: 0 }],
      ['a server by HTTP', { server: 'https://sip.example' }],
      ['a server that is no address', { server: 'wss://' }],
      ['no server at all', { server: '' }],
      ['a good and a bad server', { server: 'wss://sip.example javascript:alert(1)' }],
      ['a server that is no text', { server: ['wss://sip.example'] }],
      ['a domain with a header', { domain: 'sip.example>\r\nX: y' }],
      ['a domain with a line feed at its end', { domain: 'sip.example\n' }],
      ['a domain with parameters', { domain: 'sip.example;lr' }],
      ['an empty domain', { domain: '' }],
      ['a domain that is no text', { domain: 7 }],
      ['ICE servers that are no list', { iceServers: { urls: 'stun:a.example' } }],
      ['too many ICE servers', { iceServers: new Array(17).fill({ urls: 'stun:a.example' }) }],
      ['an ICE server by HTTP', { iceServers: [{ urls: 'https://a.example' }] }],
      ['an ICE server without address', { iceServers: [{}] }],
      ['an ICE server with no address', { iceServers: [{ urls: [] }] }],
      ['an ICE server with a bad address', { iceServers: [{ urls: ['stun:a.example', 7] }] }],
      ['an ICE server that is null', { iceServers: [null] }],
      ['TURN without a user name', { iceServers: [{ urls: 'turn:a.example', credential: 'c' }] }],
      ['TURN without a credential', { iceServers: [{ urls: 'turns:a.example', username: 'u' }] }],
      [
        'a credential that is no text',
        { iceServers: [{ urls: 'turn:a', username: 'u', credential: 1 }] },
      ],
    ];
    for (const [what, change] of wrong) {
      it(`takes no answer with ${what}`, async () => {
        expect(await failure(json({ ...PASS, ...change }))).to.include({ reason: 'gate-error' });
      });
    }

    for (const body of [null, [], 'pass', 7, true, {}]) {
      it(`takes ${JSON.stringify(body)} for no pass`, async () => {
        expect(await failure(json(body))).to.include({ reason: 'gate-error' });
      });
    }

    it('lets a page of https use wss: only', () => {
      const now = Date.now();
      const plain = { ...PASS, server: 'ws://sip.example' };
      expect(isPass(plain, { secure: false, now })).to.equal(true);
      expect(isPass(plain, { secure: true, now })).to.equal(false);
      expect(isPass({ ...PASS, server: 'wss://sip.example' }, { secure: true, now })).to.equal(
        true,
      );
    });

    it('trusts the gate where the clock of the visitor is wrong by minutes', () => {
      for (const minutes of [-30, 30]) {
        const now = Date.now() + minutes * 60_000;
        expect(isPass(PASS, { secure: true, now })).to.equal(true);
      }
    });

    it('takes a domain that is an address', () => {
      for (const domain of ['192.0.2.1', '[2001:db8::1]', 'localhost']) {
        expect(isPass({ ...PASS, domain }, { secure: true, now: Date.now() })).to.equal(true);
      }
    });
  });

  describe('not getting through', () => {
    const rejected = async (promise: Promise<unknown>): Promise<Error> => {
      const error: unknown = await promise.then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(Error);
      return error as Error;
    };

    it('says that the gate is unreachable', async () => {
      answer = () => Promise.reject(new TypeError('Failed to fetch'));
      const error = await rejected(createPassSource(GATE).request(REQUEST, signal()));
      expect(error).to.include({ name: 'CallError', reason: 'gate-unreachable' });
      expect(requests).to.have.length(1);
    });

    it('notices a port that nobody listens on', async () => {
      window.fetch = realFetch;
      const source = createPassSource('http://127.0.0.1:9/gate');
      expect(await rejected(source.request(REQUEST, signal()))).to.include({
        reason: 'gate-unreachable',
      });
    });

    it('notices a web server that is no gate', async () => {
      window.fetch = realFetch;
      const source = createPassSource(`${location.origin}/nowhere`);
      expect(await rejected(source.request(REQUEST, signal()))).to.include({
        reason: 'gate-error',
        status: 404,
      });
    });

    /** Headers at once, and a body that ends with the signal. */
    const stalled = (given: AbortSignal): Response =>
      new Response(
        new ReadableStream({
          start: (controller) =>
            given.addEventListener('abort', () => controller.error(given.reason)),
        }),
        { headers: { 'content-type': 'application/json' } },
      );
    const silent = (given: AbortSignal): Promise<Response> =>
      new Promise((_, reject) =>
        given.addEventListener('abort', () => reject(given.reason as Error)),
      );

    for (const [when, respond] of [
      ['before the answer', silent],
      ['in the answer', stalled],
    ] as const) {
      it(`times out ${when}`, async () => {
        answer = respond;
        const source = createPassSource(GATE, { timeoutMs: 20 });
        expect(await rejected(source.request(REQUEST, signal()))).to.include({
          reason: 'gate-unreachable',
        });
        expect(requests).to.have.length(1);
      });

      it(`stops on abort ${when}`, async () => {
        const asked = new Promise<AbortSignal>((resolve) => {
          answer = (given) => {
            resolve(given);
            return respond(given);
          };
        });
        const abort = new AbortController();
        const error = rejected(createPassSource(GATE).request(REQUEST, abort.signal));
        const sent = await asked;
        abort.abort();
        expect((await error).name).to.equal('AbortError');
        expect(sent.aborted).to.equal(true);
        expect(requests).to.have.length(1);
      });
    }

    it('does not ask with a signal that is aborted', async () => {
      window.fetch = realFetch;
      const error = await rejected(createPassSource(GATE).request(REQUEST, AbortSignal.abort()));
      expect(error.name).to.equal('AbortError');
    });
  });
});
