/**
 * Public names for programs: types, and the classes of events. Registers nothing and needs no `window`, so that it can
 * be imported on a server; `call-button/define` registers the element.
 */
export type { CallReport, CallStep, Measure } from './call/call-report.js';
export type { CallState } from './call/call-state.js';
export type { EndReason } from './call/errors.js';
export type { MediaPath, QualityLevel, QualityReport } from './call/ports.js';
export type { CallNotice, CallOutcome, CallSnapshot } from './call/snapshot.js';
export type {
  CallButtonAttributes,
  CallButtonListeners,
  CallButtonProperties,
  CallButtonTemplate,
} from './frameworks/attributes.js';
export type { ExtraKey, ExtraMessages } from './i18n/extra/messages.js';
export type { MessageKey, Messages, Plural } from './i18n/messages.js';
export type { CallButtonElement } from './launcher/element.js';
export type {
  CallBeforeStartEvent,
  CallButtonEventMap,
  CallEndEvent,
  CallQualityChangeEvent,
  CallStateChangeEvent,
} from './panel/call-events.js';
export type { CallBeforeOpenEvent, CallErrorEvent } from './panel/events.js';
export type { CallConsentEvent } from './panel/extras/consent-event.js';
export type { CallRatingEvent } from './panel/extras/rating-event.js';
export type { IceServer } from './shared/pass.js';
