import type { CallSnapshot } from '../call/snapshot.js';
import type { ExtraKey } from '../i18n/extra/messages.js';
import type { MessageKey, Plural } from '../i18n/messages.js';
import type { CallButtonEventMap } from '../panel/call-events.js';
import type { ConfigSource, PanelActions } from '../panel/host.js';
import type { IceServer } from '../shared/pass.js';

/**
 * A button that calls the service its administrator set: by voice or video, from the page, over SIP and WebRTC.
 * Attributes are mirrored by properties of the same name in camel case; a bad value never throws.
 *
 * @element call-button
 *
 * @attr {string} server - WebSocket URLs of the SIP gateway, space-separated, tried in order. Required.
 * @attr {string} target - Service alias (`sales`); a `sip:` or `tel:` URI only without a gate. Required.
 * @attr {string} domain - SIP domain of the target and of From. Default: host of the first `server`.
 * @attr {string} gate - URL of the gate; without it only `captcha="none"`.
 * @attr {hcaptcha|turnstile|altcha|none} captcha - CAPTCHA provider; `none` for a closed network, or a PBX with its own defence. Default: `hcaptcha`.
 * @attr {string} sitekey - The public key of hCaptcha or Turnstile.
 * @attr {string} captcha-host - Other origin of the provider's script: your own, `https://*.hcaptcha.com` or `https://challenges.cloudflare.com`; any other by the property `captchaHost` or by `data-captcha-host` on the script tag. Default: the provider's.
 * @attr {audio|video} media - Video is offered and may be declined: the visitor may begin without the camera and turn it on later. Default: `audio`.
 * @attr {string} label - Label where there is no child link.
 * @attr {inline|bottom-right|bottom-left} placement - In the text, or floating; mirrored where the page runs from right to left. Default: `inline`.
 * @attr {string} caller-name - Pre-filled name.
 * @attr {string} tel - Number offered where a call from the browser cannot be had. Default: the child link's.
 * @attr {string} hours - Opening hours as schema.org writes them: `Mo-Fr 09:00-17:30; Sa 10:00-14:00`. Default: always open.
 * @attr {string} time-zone - IANA zone of `hours` and `closed-on`, which need it: `Europe/Berlin`.
 * @attr {string} closed-on - Closed dates: `2026-12-25, 2026-12-26`.
 * @attr {number} ring-timeout - Seconds of ringing before "nobody answered", 1 to 600. Default: `60`.
 * @attr {string} context - JSON object for the callee (page, product, ticket), at most 512 bytes of UTF-8, sent as `User-to-User` (RFC 7433); the callee must treat it as untrusted.
 * @attr {all|relay} ice-transport-policy - `relay` sends media through TURN only. Default: `all`.
 * @attr {first-usable|none|complete} ice-wait - How long an offer waits for ICE candidates. Default: `first-usable`.
 * @attr {required|given} consent - `required`: the form asks for consent first, `call-consent`; neither CAPTCHA nor gateway nor gate is asked before the attribute is `given`. No property. Default: not asked.
 * @attr {boolean} check - Offers a check before the call: level of the microphone, a sound on the speaker, the camera's picture, choice of devices. Default: not offered.
 * @attr {stars|thumbs} rating - Asks after an answered call how it was, by five stars or by a thumb: `call-rating`. Default: not asked.
 * @attr {string} report-url - URL to send the report of each call to, as `call-end` carries it. Default: sent nowhere.
 * @attr {silent|error|warn|info|debug} log-level - What the console is told: what is wrong with the page, with `info` the course of each call, with `debug` its SIP, media path and quality as well; nothing private. Default: `warn`.
 * @attr {string} lang - BCP 47 tag of the language it speaks. Default: the nearest ancestor's, then the browser's.
 * @attr {ltr|rtl|auto} dir - Direction of the panel. Default: the nearest ancestor's, then the language's.
 *
 * @fires {CallBeforeOpenEvent} call-before-open - Before the form opens, and with it CAPTCHA and socket. Can be prevented, or held up by `waitUntil(promise)`.
 * @fires {CallBeforeStartEvent} call-before-start - After the press on Call, before the microphone. Can be prevented, or held up by `waitUntil(promise)`.
 * @fires {CallStateChangeEvent} call-state-change - After each change of the call: `snapshot`, `previous`.
 * @fires {CallErrorEvent} call-error - A call failed or could not be started: `reason`, `status`, `retryAfter` (seconds).
 * @fires {CallQualityChangeEvent} call-quality-change - Each second of a call: `quality`, with what makes it no better.
 * @fires {CallEndEvent} call-end - A call is over: `callId`, `durationMs`, `reason`, `status`, `report`.
 * @fires {CallConsentEvent} call-consent - The visitor agrees, where `consent` is `required`. Can be prevented, or held up by `waitUntil(promise)`.
 * @fires {CallRatingEvent} call-rating - The visitor has rated an answered call: `callId`, `score`, `max`.
 *
 * @slot - Markup of the label, other than a link. A child link is the fallback and gives the label its text.
 * @slot icon - Icon of the button.
 * @slot form-start - Above the form's fields; required controls block Call, named ones join `context`.
 * @slot form-end - Below the form's fields, for consent; as `form-start`.
 * @slot ringing - What to show while it rings.
 * @slot away - What to show outside opening hours.
 * @slot ended - What to show after a call: a survey.
 * @slot consent - What the visitor agrees to, where `consent` is `required`. Default: that browser and services connect.
 * @slot captcha - Filled by the element itself.
 *
 * @csspart launcher - The button, or the link in its place.
 * @csspart panel - The window with form and call.
 * @csspart form - The form.
 * @csspart name-input - The field for the name.
 * @csspart captcha - The CAPTCHA's place.
 * @csspart call-action - The button that starts the call.
 * @csspart no-camera - The button that starts a video call with the camera off.
 * @csspart status - What is going on.
 * @csspart timer - Duration of the call.
 * @csspart quality - Bars of the connection's quality.
 * @csspart stage - Pictures, or the sign of a voice call.
 * @csspart remote-video - The far end's picture.
 * @csspart self-view - The visitor's own picture.
 * @csspart self-view-move - The button over it that moves it to another corner.
 * @csspart controls - The row of buttons in a call.
 * @csspart mute-audio - Mutes the microphone.
 * @csspart mute-video - Turns the camera off.
 * @csspart keypad-toggle - Shows the keypad.
 * @csspart keypad - The keypad.
 * @csspart key - A key of it.
 * @csspart devices-toggle - Shows the choice of devices.
 * @csspart devices - The choice of microphone, speaker and camera.
 * @csspart volume - The slider that says how loud the far end is.
 * @csspart fullscreen - Full screen.
 * @csspart picture-in-picture - Shows the far end's picture in a window of its own.
 * @csspart self-view-toggle - Shows or hides the own picture.
 * @csspart hang-up - Hangs up.
 * @csspart message - A remark or an error.
 * @csspart diagnostics - Copying the technical details of a call that is over.
 * @csspart permission - How to undo a refusal of the microphone.
 * @csspart check - The check of the devices before a call.
 * @csspart consent - The question for consent before the form.
 * @csspart rating - The question how the call was.
 * @csspart bar - The bar that a minimised call is shown in.
 * @csspart restore - Shows the panel again in its place.
 *
 * @cssprop --call-button-accent - Colour of the button and of what stands out. Default: `#0b5fd8`.
 * @cssprop --call-button-accent-text - Text on it. Default: `#fff`.
 * @cssprop --call-button-surface - Background of the panel. Default: `Canvas`, which follows `color-scheme`.
 * @cssprop --call-button-text - Text of the panel. Default: `CanvasText`.
 * @cssprop --call-button-muted - Secondary text. Default: a mix of the two.
 * @cssprop --call-button-danger - Hanging up and errors. Default: `#c5221f`.
 * @cssprop --call-button-danger-text - Text on it. Default: `#fff`.
 * @cssprop --call-button-success - In a call, and done. Default: `#188038`.
 * @cssprop --call-button-radius - Corners of buttons. Default: `99px`.
 * @cssprop --call-button-panel-radius - Corners of the panel. Default: those of buttons, at most `20px`.
 * @cssprop --call-button-field-radius - Corners of fields and messages. Default: those of buttons, at most `10px`.
 * @cssprop --call-button-font - Font family. Default: `system-ui, sans-serif`.
 * @cssprop --call-button-shadow - Shadow of panel and floating button.
 * @cssprop --call-button-focus - Focus ring. Default: the accent.
 * @cssprop --call-button-z-index - Layer of panel and floating button. Default: `9999`.
 *
 * @cssstate open - The panel is open.
 * @cssstate closed - Outside opening hours.
 * @cssstate live - From the press on Call to the end.
 * @cssstate in-call - Answered.
 * @cssstate muted - The microphone is muted.
 * @cssstate video-requested - The visitor is asked whether to turn the camera on.
 * @cssstate fullscreen - The panel fills the screen.
 * @cssstate minimized - The panel is a bar: in a call, and after it until that is closed.
 * @cssstate idle - No call; this and those below are `state.state` as well.
 * @cssstate requesting-media - The browser asks for the microphone.
 * @cssstate verifying - The CAPTCHA is being solved.
 * @cssstate authorizing - The gate is asked for a pass.
 * @cssstate connecting - The call is on its way to the service.
 * @cssstate ringing - It rings there.
 * @cssstate early-media - Something is heard before the answer.
 * @cssstate established - Answered, and media may flow.
 * @cssstate held - The far end has put the call on hold.
 * @cssstate reconnecting - The connection is lost and being restored.
 * @cssstate ending - The call is being ended.
 * @cssstate ended - The call is over; how is still shown.
 * @cssstate unavailable - No call is possible: attributes, or the browser.
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
  /** Other texts than the language's own, by key; those that count `{n}` may have a form for each plural category. */
  strings: Readonly<Partial<Record<MessageKey | ExtraKey, string | Plural>>>;
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
  /** Mutes the microphone, or opens it again. */
  setAudioMuted(muted: boolean): void;
  /** Muting stops the camera; unmuting opens it again, and offers the far end video in a voice call. */
  setVideoMuted(muted: boolean): Promise<void>;
  /** Fills the screen, or leaves it. Needs a gesture of the visitor. */
  toggleFullscreen(): Promise<void>;
  /** Shows or hides the visitor's own picture. */
  toggleSelfView(): void;
  /** Puts the last call's report on the clipboard, as text. Needs a gesture; `false`: refused, or no call yet. */
  copyDiagnostics(): Promise<boolean>;

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
