import { expect } from 'chai';
import type * as LoaderModule from '../../src/captcha/hcaptcha-loader.js';
import { loadHCaptcha } from '../../src/captcha/hcaptcha-loader.js';
import { until } from '../support/until.js';
import {
  apiScripts,
  countingSignal,
  forgetApi,
  globals,
  HOST,
  page,
  rejection,
} from './support.js';

const options = { host: HOST, lang: 'de-AT' };
const signal = (): AbortSignal => new AbortController().signal;

/** Compared outside of chai: its messages would carry the whole API, which the test runner cannot. */
function expectApi(api: HCaptcha): void {
  expect(api === page.hcaptcha, 'the API of the page').to.equal(true);
}

/** A page of its own with a policy of its own, which has the loader. */
async function framed(policy: string): Promise<{
  readonly document: Document;
  readonly loader: typeof LoaderModule;
}> {
  const frame = document.createElement('iframe');
  frame.srcdoc = `<!doctype html>
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <script type="module" nonce="n0nce">
      import * as loader from '/src/captcha/hcaptcha-loader.ts';
      window.loader = loader;
    </script>`;
  document.body.append(frame);
  const inner = frame.contentWindow as unknown as { loader?: typeof LoaderModule };
  await until(() => inner.loader !== undefined);
  return { document: frame.contentDocument!, loader: inner.loader! };
}

describe('hCaptcha loader', () => {
  let before: string[];

  beforeEach(() => {
    before = globals();
  });

  afterEach(() => {
    forgetApi();
    for (const frame of document.querySelectorAll('iframe')) frame.remove();
    expect(globals(), 'globals left behind').to.deep.equal(before);
  });

  it('loads the script with our parameters and gives its API', async () => {
    const api = await loadHCaptcha(options, signal());

    expectApi(api);
    const [script, ...others] = apiScripts();
    expect(others.length).to.equal(0);
    const { searchParams } = new URL(script!.src);
    expect(Object.fromEntries(searchParams)).to.deep.equal({
      onload: searchParams.get('onload'),
      render: 'explicit',
      sentry: 'false',
      recaptchacompat: 'off',
      hl: 'de-AT',
      host: location.hostname,
    });
    expect(script!.crossOrigin).to.equal('anonymous');
    expect(
      Object.hasOwn(window, searchParams.get('onload') ?? ''),
      'callback left behind',
    ).to.equal(false);
  });

  it('takes no global of the page for its callback', async () => {
    const taken = window as { callButtonCaptcha?: unknown };
    taken.callButtonCaptcha = 'the page’s';
    await loadHCaptcha(options, signal());
    expect(taken.callButtonCaptcha).to.equal('the page’s');
    delete taken.callButtonCaptcha;
  });

  it('uses the API that the page has', async () => {
    const own = { render: () => 'id' };
    page.hcaptcha = own as unknown as HCaptcha;
    expect((await loadHCaptcha(options, signal())).render).to.equal(own.render);
    expect(apiScripts().length).to.equal(0);
  });

  it('takes an element with the id "hcaptcha" for no API', async () => {
    const link = document.createElement('a');
    link.id = 'hcaptcha';
    document.body.append(link);
    const error = await rejection(
      loadHCaptcha({ ...options, host: `${location.origin}/nowhere` }, signal()),
    );
    link.remove();
    expect(error.reason).to.equal('captcha-unavailable');
  });

  it('waits for the script that the page is loading, and adds none', async () => {
    const script = document.createElement('script');
    script.src = `${HOST}/1/api.js?render=explicit`;
    document.head.append(script);
    const api = await loadHCaptcha(options, signal());
    expectApi(api);
    expect(apiScripts().length).to.equal(1);
  });

  it('loads its own where the script of the page fails', async () => {
    const script = document.createElement('script');
    script.src = `${HOST}/1/api.js`;
    script.integrity = `sha256-${btoa('x'.repeat(32))}`;
    document.head.append(script);
    expectApi(await loadHCaptcha(options, signal()));
    expect(apiScripts().length).to.equal(2);
  });

  it('loads one for all who wait in vain for the script of the page', async () => {
    const script = document.createElement('script');
    script.src = `${HOST}/1/api.js`;
    script.integrity = `sha256-${btoa('x'.repeat(32))}`;
    document.head.append(script);
    const apis = await Promise.all([
      loadHCaptcha(options, signal()),
      loadHCaptcha(options, signal()),
    ]);
    apis.forEach(expectApi);
    expect(apiScripts().length).to.equal(2);
  });

  it('does not wait for a script that a consent manager has parked', async () => {
    for (const type of ['text/plain', 'javascript/blocked']) {
      const script = document.createElement('script');
      script.type = type;
      script.src = `${HOST}/1/api.js`;
      document.head.append(script);
    }
    expectApi(await loadHCaptcha(options, signal()));
  });

  it('gives up on a script of the page that has failed before, and loads its own next time', async () => {
    const script = document.createElement('script');
    script.src = `${HOST}/1/api.js`;
    script.integrity = `sha256-${btoa('x'.repeat(32))}`;
    const failed = new Promise((resolve) => script.addEventListener('error', resolve));
    document.head.append(script);
    await failed;
    const error = await rejection(loadHCaptcha({ ...options, timeoutMs: 20 }, signal()));
    expect(error.reason).to.equal('captcha-unavailable');
    expectApi(await loadHCaptcha(options, signal()));
  });

  it('loads once for all who ask at the same time, and again for none later', async () => {
    const [one, two] = await Promise.all([
      loadHCaptcha(options, signal()),
      loadHCaptcha(options, signal()),
    ]);
    const three = await loadHCaptcha(options, signal());
    expectApi(one);
    expectApi(two);
    expectApi(three);
    expect(apiScripts().length).to.equal(1);
  });

  it('rejects where the script is missing, leaves no trace and can try again', async () => {
    const nowhere = { ...options, host: `${location.origin}/nowhere` };
    for (let attempt = 0; attempt < 2; attempt++) {
      const error = await rejection(loadHCaptcha(nowhere, signal()));
      expect(error).to.include({ name: 'CallError', reason: 'captcha-unavailable' });
      expect(error.message).to.contain('nowhere');
      expect(apiScripts().length).to.equal(0);
      expect(globals()).to.deep.equal(before);
    }
    expectApi(await loadHCaptcha(options, signal()));
  });

  it('times out where the script never gets ready', async () => {
    page.hcaptchaStandIn = { onload: 'never' };
    const error = await rejection(loadHCaptcha({ ...options, timeoutMs: 50 }, signal()));
    expect(error.reason).to.equal('captcha-unavailable');
    expect(error.message).to.contain('timeout');
    expect(apiScripts().length).to.equal(0);
  });

  it('does not let a script run that arrives after the timeout', async () => {
    const arrived = new Promise<void>((resolve) => {
      new PerformanceObserver((list, observer) => {
        if (!list.getEntriesByType('resource').some(({ name }) => name.includes('hl=late'))) return;
        observer.disconnect();
        resolve();
      }).observe({ type: 'resource' });
    });
    const load = loadHCaptcha({ host: HOST, lang: 'late', timeoutMs: 0 }, signal());
    // held, or its request could go with the garbage
    const [script] = apiScripts();
    expect((await rejection(load)).message).to.contain('timeout');
    await arrived;
    expect(script?.isConnected).to.equal(false);
    // what is fetched runs in a task of its own, which was queued before these
    for (let task = 0; task < 3; task++) await new Promise((resolve) => setTimeout(resolve));
    expect('hcaptcha' in window).to.equal(false);
  });

  it('stops waiting on abort, and undoes the load when nobody waits any more', async () => {
    const first = countingSignal();
    const second = countingSignal();
    const loads = [loadHCaptcha(options, first.signal), loadHCaptcha(options, second.signal)];
    first.abort();
    expect((await rejection(loads[0]!)).name).to.equal('AbortError');
    expect(apiScripts().length, 'the other still waits').to.equal(1);
    second.abort();
    expect((await rejection(loads[1]!)).name).to.equal('AbortError');
    expect(apiScripts().length).to.equal(0);
    expect(globals()).to.deep.equal(before);
    expect(first.listeners + second.listeners).to.equal(0);
    expectApi(await loadHCaptcha(options, signal()));
  });

  it('serves the others when one of them aborts', async () => {
    const abort = new AbortController();
    const loads = [loadHCaptcha(options, abort.signal), loadHCaptcha(options, signal())] as const;
    abort.abort();
    await rejection(loads[0]);
    expectApi(await loads[1]);
  });

  it('does not begin with a signal that is aborted', async () => {
    const error = await rejection(loadHCaptcha(options, AbortSignal.abort()));
    expect(error.name).to.equal('AbortError');
    expect(apiScripts().length).to.equal(0);
  });

  it('leaves no timer after success', async () => {
    const { setTimeout: realSet, clearTimeout: realClear } = window;
    const timers = new Set<unknown>();
    Object.assign(window, {
      setTimeout: (callback: () => void, ms: number) => {
        const timer = realSet(callback, ms);
        if (ms === 54_321) timers.add(timer);
        return timer;
      },
      clearTimeout: (timer: number) => {
        timers.delete(timer);
        realClear(timer);
      },
    });
    try {
      const load = loadHCaptcha({ ...options, timeoutMs: 54_321 }, signal());
      expect(timers.size).to.equal(1);
      await load;
      expect(timers.size).to.equal(0);
    } finally {
      Object.assign(window, { setTimeout: realSet, clearTimeout: realClear });
    }
  });

  it('leaves no listener on the signal after success', async () => {
    const counting = countingSignal();
    await loadHCaptcha(options, counting.signal);
    await until(() => counting.listeners === 0);
  });

  describe('on a strict page', () => {
    it('loads under enforced Trusted Types through the policy "call-button"', async () => {
      const { loader } = await framed(
        "require-trusted-types-for 'script'; trusted-types call-button",
      );
      const api = await loader.loadHCaptcha(options, signal());
      expect(api.render).to.be.a('function');
    });

    it('lets its policy make no address but that of the script', async () => {
      const { document: inner, loader } = await framed("require-trusted-types-for 'script'");
      interface Rules {
        createScriptURL(url: string): string;
      }
      const factory = (
        inner.defaultView as unknown as {
          trustedTypes: { createPolicy(name: string, rules: Rules): unknown };
        }
      ).trustedTypes;
      const { createPolicy } = factory;
      const policies: [string, Rules][] = [];
      factory.createPolicy = (name, rules) => {
        policies.push([name, rules]);
        return createPolicy.call(factory, name, rules);
      };
      await loader.loadHCaptcha(options, signal());
      const [[name, rules]] = policies as [[string, Rules]];
      expect(policies.length).to.equal(1);
      expect(name).to.equal('call-button');
      const [script] = apiScripts(inner);
      expect(rules.createScriptURL(script!.src)).to.equal(script!.src);
      for (const url of [
        'https://evil.example/1/api.js',
        `${script!.src}&x`,
        `${HOST}/1/other.js`,
      ]) {
        expect(() => rules.createScriptURL(url)).to.throw();
      }
    });

    it('says so where Trusted Types refuse the policy', async () => {
      const { document: inner, loader } = await framed(
        "require-trusted-types-for 'script'; trusted-types other",
      );
      const error = await rejection(loader.loadHCaptcha(options, signal()));
      expect(error.reason).to.equal('captcha-unavailable');
      expect(error.message).to.contain('Trusted Types');
      expect(apiScripts(inner).length).to.equal(0);
    });

    it('loads without the policy where the page has one for all', async () => {
      const { document: inner, loader } = await framed(
        "require-trusted-types-for 'script'; trusted-types default",
      );
      const { trustedTypes } = inner.defaultView as unknown as {
        trustedTypes: { createPolicy(name: string, rules: object): void };
      };
      trustedTypes.createPolicy('default', { createScriptURL: (url: string) => url });
      const api = await loader.loadHCaptcha(options, signal());
      expect(api.render).to.be.a('function');
    });

    it('gives its script the nonce of the page', async () => {
      const { document: inner, loader } = await framed("script-src 'nonce-n0nce'");
      const api = await loader.loadHCaptcha(options, signal());
      expect(api.render).to.be.a('function');
      expect(apiScripts(inner)[0]?.nonce).to.equal('n0nce');
    });

    it('prefers the nonce it is given, and notices when the page blocks the script', async () => {
      const { loader } = await framed("script-src 'nonce-n0nce'");
      const error = await rejection(loader.loadHCaptcha({ ...options, nonce: 'other' }, signal()));
      expect(error.reason).to.equal('captcha-unavailable');
      expect(error.message).to.contain('blocked');
    });
  });
});
