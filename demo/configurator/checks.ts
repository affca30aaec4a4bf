/** The way of a call, tried step by step from this page, each with a plain result and a remedy. */
import { readConfig } from '../../src/panel/config.js';
import { describe } from '../../src/panel/explain.js';
import type { ConfigSource } from '../../src/panel/host.js';
import { askGate, type GateAnswer } from './gate-check.js';
import { askMicrophone } from './microphone-check.js';
import { sendOptions } from './sip-check.js';

export type Verdict =
  | { readonly kind: 'good' | 'skipped'; readonly text: string }
  | { readonly kind: 'bad'; readonly text: string; readonly remedy: string };

export interface Step {
  readonly title: string;
  run(signal: AbortSignal): Promise<Verdict>;
}

const STEP_MS = 8_000;

const good = (text: string): Verdict => ({ kind: 'good', text });
const skipped = (text: string): Verdict => ({ kind: 'skipped', text });
const bad = (text: string, remedy: string): Verdict => ({ kind: 'bad', text, remedy });

function settingsStep(element: Element): Step {
  return {
    title: 'The settings make sense',
    run() {
      const source = Object.assign(element.cloneNode() as HTMLElement, {
        iceServers: [],
        captchaHost: null,
        strings: {},
      }) as ConfigSource;
      const { issues, warnings } = readConfig(source);
      const wrong = [...issues, ...warnings];
      return Promise.resolve(
        wrong.length === 0
          ? good('Every attribute has a value that the element takes.')
          : bad(
              `The element cannot use ${wrong.join(', ')}.`,
              describe(wrong, source).replace(/\n/g, '. '),
            ),
      );
    },
  };
}

function serverSteps(url: string): Step[] {
  // the second step goes on where the first one ended
  let socket: WebSocket | null = null;
  return [
    {
      title: `WebSocket to ${url}`,
      run: (signal) =>
        new Promise((resolve) => {
          const close = (): void => socket?.close();
          const refuse = (text: string): void => {
            close();
            socket = null;
            resolve(
              bad(
                text,
                `Is the address right and its certificate valid, does a firewall let it through, and does the gateway take the subprotocol “sip” and pages of ${location.origin} (its Origin list)? The page's own policy needs it in connect-src.`,
              ),
            );
          };
          try {
            socket = new WebSocket(url, 'sip');
          } catch {
            refuse('The browser does not open this address.');
            return;
          }
          socket.onopen = () => resolve(good('It opens, with the subprotocol “sip”.'));
          socket.onerror = () => refuse('The connection could not be opened.');
          signal.addEventListener('abort', () => refuse('Nobody answered in time.'));
        }),
    },
    {
      title: 'It speaks SIP',
      async run(signal) {
        if (socket === null) return skipped('Not tried, since there is no connection.');
        try {
          const status = await sendOptions(socket, new URL(url).hostname, signal);
          return status < 300
            ? good(`It answers OPTIONS with ${status}.`)
            : good(`It answers OPTIONS with ${status}: SIP it is, and that is what counts here.`);
        } catch {
          return bad(
            'It is a WebSocket, but OPTIONS got no SIP answer.',
            'Does this address lead to the SIP gateway, or to some other WebSocket? Some gateways drop OPTIONS on purpose: then this step does not matter.',
          );
        } finally {
          socket.close();
        }
      },
    },
  ];
}

function gateVerdict(answer: GateAnswer, url: string): Verdict | null {
  switch (answer.kind) {
    case 'unreachable':
      return bad(
        'The gate could not be reached.',
        `Is ${url} right, is the gate running, and is its certificate valid? The page's own policy needs it in connect-src.`,
      );
    case 'unreadable':
      return bad(
        'Something answers, but not to this page.',
        `Put ${location.origin} into the gate's origins, exactly as it stands here. If that is done: is it the gate that answers at ${url}?`,
      );
    case 'answered':
      return null;
  }
}

function gateSteps(gate: string, target: string, captcha: string): Step[] {
  let reached = false;
  return [
    {
      title: 'The gate can be reached, and lets this page ask',
      async run(signal) {
        const url = `${gate}/pass`;
        const answer = await askGate(gate, 'pass', { ahead: true, timeoutMs: STEP_MS }, signal);
        const verdict = gateVerdict(answer, url);
        if (verdict !== null || answer.kind !== 'answered') return verdict ?? skipped('');
        reached = answer.status === 204;
        if (reached) return good(`It answers, and takes pages of ${location.origin}.`);
        return answer.problem === 'origin-not-allowed'
          ? bad(
              'The gate does not let this page ask.',
              `Put ${location.origin} into the gate's origins, exactly as it stands here.`,
            )
          : bad(
              `It answers with ${answer.status} instead of 204.`,
              `Is ${gate} the gate's address, without anything after it? Its routes are …/pass and …/challenge.`,
            );
      },
    },
    {
      title: `The gate knows “${target}”`,
      async run(signal) {
        if (!reached) return skipped('Not tried, since the gate did not answer.');
        const answer = await askGate(gate, 'challenge', { target, timeoutMs: STEP_MS }, signal);
        if (answer.kind !== 'answered') return bad('The gate stopped answering.', 'Try again.');
        switch (answer.problem) {
          case 'target-unknown':
            return bad(
              'The gate has no such service.',
              `Add “${target}” to the gate's aliases, or correct target.`,
            );
          case 'captcha-required':
            return captcha === 'altcha'
              ? bad(
                  'This service does not take ALTCHA.',
                  'Choose the CAPTCHA that the gate has for it, or give the gate altcha: { hmacKey }.',
                )
              : good('It does.');
          case 'closed':
            return good('It does, and says that it is closed now: calls go through when it opens.');
          case 'rate-limited':
            return bad('The gate has had enough questions from here.', 'Wait a few minutes.');
          default:
            return answer.status === 200
              ? good('It does.')
              : bad(`It answers with ${answer.status}.`, 'The log of the gate says why.');
        }
      },
    },
  ];
}

const SCRIPTS: Readonly<Record<string, { home: string; path: string; policy: string }>> = {
  hcaptcha: {
    home: 'https://js.hcaptcha.com',
    path: '/1/api.js',
    policy:
      'https://hcaptcha.com https://*.hcaptcha.com in script-src, frame-src, style-src and connect-src',
  },
  turnstile: {
    home: 'https://challenges.cloudflare.com',
    path: '/turnstile/v0/api.js',
    policy: 'https://challenges.cloudflare.com in script-src and frame-src',
  },
};

/** Loads the script without running it: a preload obeys the page's `script-src` as the script would. */
function preload(url: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const link = Object.assign(document.createElement('link'), {
      rel: 'preload',
      as: 'script',
      href: url,
    });
    const done = (loaded: boolean): void => {
      link.remove();
      resolve(loaded);
    };
    link.onload = () => done(true);
    link.onerror = () => done(false);
    signal.addEventListener('abort', () => done(false));
    document.head.append(link);
  });
}

function captchaStep(captcha: string, host: string | null): Step {
  return {
    title: 'The CAPTCHA can be loaded',
    async run(signal) {
      const script = SCRIPTS[captcha];
      if (script === undefined) {
        return skipped(
          captcha === 'none'
            ? 'There is none.'
            : 'ALTCHA comes with the element and from the gate.',
        );
      }
      const url = `${host?.replace(/\/$/, '') ?? script.home}${script.path}`;
      return (await preload(url, signal))
        ? good(`The script loads. Your page's policy, if it has one, needs ${script.policy}.`)
        : bad(
            `${url} could not be loaded.`,
            `Is a content blocker active here, or a firewall in the way? The page's policy needs ${script.policy}.`,
          );
    },
  };
}

function deviceStep(video: boolean): Step {
  const what = video ? 'Microphone and camera' : 'Microphone';
  return {
    title: `${what} may be used`,
    async run(signal) {
      const answer = await askMicrophone(video, signal);
      switch (answer.kind) {
        case 'granted':
          return good(`${answer.label}. Let go of again.`);
        case 'refused':
          return bad(
            'The browser does not allow it.',
            'Allow it by the sign before the address, and in the system’s privacy settings. In your site: no Permissions-Policy against it, and allow="microphone; camera" on a frame.',
          );
        case 'missing':
          return bad(
            'There is none, or another program holds it.',
            'Plug one in, or close what uses it.',
          );
        case 'insecure':
          return bad(
            'This page is not secure, so the browser offers no microphone at all.',
            'Serve the page by https.',
          );
      }
    },
  };
}

/** The steps for an element with these attributes, in the order of a call. */
export function stepsFor(element: Element): Step[] {
  const text = (name: string): string => element.getAttribute(name)?.trim() ?? '';
  const gate = URL.canParse(text('gate'), document.baseURI) ? text('gate') : '';
  const captcha = text('captcha') || 'hcaptcha';
  const servers = text('server')
    .split(/\s+/)
    .filter((url) => URL.canParse(url));
  const bounded = [
    settingsStep(element),
    ...servers.flatMap(serverSteps),
    ...(gate === ''
      ? []
      : gateSteps(
          new URL(gate, document.baseURI).href.replace(/\/$/, ''),
          text('target'),
          captcha,
        )),
    captchaStep(captcha, text('captcha-host') || null),
  ].map(({ title, run }): Step => ({
    title,
    run: (signal) => run(AbortSignal.any([signal, AbortSignal.timeout(STEP_MS)])),
  }));
  // the answer to the browser's question may take its time
  return [...bounded, deviceStep(text('media') === 'video')];
}
