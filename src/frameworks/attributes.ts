/**
 * What templates of React, Vue and Svelte may write on `<call-button>`: types alone, no code. The names are those of
 * the custom elements manifest; `test/build/docs.test.ts` compares them.
 */
import type { CallButtonElement } from '../launcher/element.js';
import type { CallButtonEventMap } from '../panel/call-events.js';

/** As HTML has them. */
export interface CallButtonAttributes {
  server?: string | undefined;
  target?: string | undefined;
  domain?: string | undefined;
  gate?: string | undefined;
  captcha?: 'hcaptcha' | 'turnstile' | 'altcha' | 'none' | undefined;
  sitekey?: string | undefined;
  'captcha-host'?: string | undefined;
  media?: 'audio' | 'video' | undefined;
  label?: string | undefined;
  placement?: 'inline' | 'bottom-right' | 'bottom-left' | undefined;
  'caller-name'?: string | undefined;
  tel?: string | undefined;
  hours?: string | undefined;
  'time-zone'?: string | undefined;
  'closed-on'?: string | undefined;
  'ring-timeout'?: number | string | undefined;
  context?: CallButtonElement['context'] | undefined;
  'ice-transport-policy'?: 'all' | 'relay' | undefined;
  'ice-wait'?: 'first-usable' | 'none' | 'complete' | undefined;
  consent?: 'required' | 'given' | undefined;
  check?: boolean | '' | undefined;
  rating?: 'stars' | 'thumbs' | undefined;
  'report-url'?: string | undefined;
  'log-level'?: 'silent' | 'error' | 'warn' | 'info' | 'debug' | undefined;
}

/** More than an attribute's mirror: frameworks set them as properties. */
export type CallButtonProperties = Partial<
  Pick<CallButtonElement, 'captchaHost' | 'iceServers' | 'strings'>
>;

/** `oncall-end` and so on: React 19 and Svelte 5 take everything after `on` as the event's name. */
export type CallButtonListeners = {
  [Name in keyof CallButtonEventMap as `on${Name}`]?:
    ((event: CallButtonEventMap[Name]) => unknown) | undefined;
};

export interface CallButtonTemplate
  extends CallButtonAttributes, CallButtonProperties, CallButtonListeners {}
