import type { CallSnapshot } from '../call/snapshot.js';
import type { CallButtonEventMap } from '../shared/events.js';
import type { ConfigSource, PanelActions } from '../shared/host.js';
import type { IceServer } from '../shared/pass.js';

/**
 * A button that calls the service its administrator set: by voice or video, from the page, over SIP and WebRTC.
 * Attributes are mirrored by properties of the same name in camel case; a bad value never throws.
 */
export interface CallButtonElement extends ConfigSource, PanelActions {
  /** WebSocket URLs of the SIP gateway, separated by spaces, tried in order. Required. */
  server: string | null;
  /** Service alias; a `sip:` or `tel:` URI only without a gate. Required. */
  target: string | null;
  /** SIP domain of target and From. Default: the host name of the first server. */
  domain: string | null;
  /** URL of the gate. */
  gate: string | null;
  /** `hcaptcha` (default), `altcha`, `turnstile` or `none`. */
  captcha: string | null;
  /** The CAPTCHA provider's public key. */
  sitekey: string | null;
  /** `audio` (default) or `video`. */
  media: string | null;
  /** The button's label where there is no child link. */
  label: string | null;
  /** `inline` (default), `bottom-right` or `bottom-left`. */
  placement: string | null;
  /** Pre-filled name. */
  callerName: string | null;
  /** Number of the `tel:` link; default: the child link's. */
  tel: string | null;
  /** schema.org `openingHours`. */
  hours: string | null;
  /** IANA zone of `hours` and `closed-on`. */
  timeZone: string | null;
  /** Closed dates, `YYYY-MM-DD`, separated by commas. */
  closedOn: string | null;
  /** Seconds of ringing before "no answer": 1 to 600, default 60. */
  ringTimeout: string | number | null;
  /** JSON object for the callee, at most 512 bytes; set as an object or as text. */
  context: string | Readonly<Record<string, unknown>> | null;
  /** `all` (default) or `relay`. */
  iceTransportPolicy: string | null;
  /** `first-usable` (default), `none` or `complete`. */
  iceWait: string | null;
  /** STUN and TURN servers where the gate gives none. Default: none, so that no third party is asked. */
  iceServers: readonly IceServer[];
  /** Origin of the CAPTCHA provider's script. Unlike the attribute it may name any host. */
  captchaHost: string | null;
  /** Other texts than the language's own, by key. */
  strings: Readonly<Record<string, unknown>>;
  /**
   * All that can be said of the call at this moment; a new frozen object after each change. Until the visitor first
   * points at the button there is only `state`: `idle` or `unavailable`.
   */
  readonly state: Pick<CallSnapshot, 'state'> & Partial<CallSnapshot>;

  /** Opens the form, or the call in progress again. Rejects while the element is not configured. */
  open(): Promise<void>;
  /** Closes the form; in a call it only minimises: `hangUp()` ends. */
  close(): void;
  /** Opens the form and submits it: with a valid `caller-name` and `captcha="none"` it dials at once. */
  call(): Promise<void>;
  /** Ends the call, or gives up the attempt. */
  hangUp(): void;
  /** Sends `0-9 * # A-D` one after the other; `,` pauses 2 s. */
  sendDtmf(digits: string): void;
  setAudioMuted(muted: boolean): void;
  /** Muting stops the camera; unmuting opens it again. */
  setVideoMuted(muted: boolean): Promise<void>;
  /** Needs a gesture of the visitor. */
  toggleFullscreen(): Promise<void>;
  toggleSelfView(): void;

  addEventListener<K extends keyof CallButtonEventMap>(
    type: K,
    listener: (this: CallButtonElement, event: CallButtonEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'call-button': CallButtonElement;
  }
}
