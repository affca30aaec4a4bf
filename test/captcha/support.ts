import type { CallError } from '../../src/call/errors.js';
import type { Captcha, CaptchaOptions, CaptchaStatus } from '../../src/call/ports.js';

/** Where the stand-ins' scripts are served by the test runner. */
export const HOST = `${location.origin}/test/support/hcaptcha`;
export const TURNSTILE_HOST = `${location.origin}/test/support/turnstile`;

export interface StandInWindow {
  hcaptcha?: HCaptcha | undefined;
  hcaptchaStandIn?: { onload: 'never' } | undefined;
  turnstile?: object | undefined;
  turnstileStandIn?: { onload?: 'never'; frames?(): HTMLIFrameElement[] } | undefined;
}
export const page = window as unknown as StandInWindow;

export function apiScripts(root: Document = document): HTMLScriptElement[] {
  return [...root.scripts].filter(({ src }) => /\/(1|v0)\/api\.js/.test(src));
}

/** Undoes what loading leaves by design: the API and its script tag. */
export function forgetApi(): void {
  for (const script of apiScripts()) script.remove();
  for (const name of ['hcaptcha', 'hcaptchaStandIn', 'turnstile', 'turnstileStandIn']) {
    Reflect.deleteProperty(window, name);
  }
}

/** Names of globals now, to compare with later. */
export function globals(): string[] {
  return Object.getOwnPropertyNames(window).sort();
}

export function container(): HTMLElement {
  const element = document.createElement('div');
  document.body.append(element);
  return element;
}

export function captchaOptions(overrides: Partial<CaptchaOptions>): CaptchaOptions {
  return {
    container: document.createElement('div'),
    sitekey: null,
    host: HOST,
    gate: null,
    target: 'sales',
    lang: 'en',
    theme: 'light',
    size: 'normal',
    label: 'Human check',
    nonce: undefined,
    ...overrides,
  };
}

/** The error that a promise rejects with; fails where it does not. */
export async function rejection(promise: Promise<unknown>): Promise<CallError> {
  const value: unknown = await promise.then(
    (result) => new TypeError(`resolved with ${typeof result}`),
    (error: unknown) => error,
  );
  if (value instanceof TypeError) throw value;
  return value as CallError;
}

/** Statuses in the order they were reported. */
export function recordStatuses(captcha: Captcha): CaptchaStatus[] {
  const statuses: CaptchaStatus[] = [];
  captcha.onStatusChange = () => statuses.push(captcha.status);
  return statuses;
}

/** An `AbortSignal` that knows how many listeners it has. */
export function countingSignal(controller = new AbortController()): {
  readonly signal: AbortSignal;
  readonly listeners: number;
  abort(): void;
} {
  const { signal } = controller;
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners++;
    const options = args[2];
    if (typeof options === 'object') options.signal?.addEventListener('abort', () => listeners--);
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners--;
    removeEventListener.apply(signal, args);
  };
  return {
    signal,
    get listeners() {
      return listeners;
    },
    abort: () => controller.abort(),
  };
}
