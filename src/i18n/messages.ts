import type { EndReason } from '../call/errors.js';
import type { DeviceKind, QualityLevel } from '../call/ports.js';
import type { CallState } from '../call/call-state.js';
import type { CallNotice } from '../call/snapshot.js';

type ShownState = Exclude<CallState, 'idle' | 'ended' | 'unavailable'>;

export type MessageKey =
  | 'title'
  | 'intro'
  | 'name'
  | 'name.empty'
  | 'name.too-long'
  | 'call.audio'
  | 'call.video'
  | 'call.again'
  | 'call.phone'
  | 'close'
  | 'cancel'
  | 'dismiss'
  | 'loading'
  | 'captcha'
  | 'captcha.ready'
  | 'captcha.solving'
  | 'captcha.solved'
  | 'captcha.retry'
  | 'elsewhere'
  | 'minimize'
  | 'return'
  | 'audio.mute'
  | 'audio.unmute'
  | 'video.mute'
  | 'video.unmute'
  | 'keypad.show'
  | 'keypad.hide'
  | 'keypad.digits'
  | 'fullscreen.enter'
  | 'fullscreen.exit'
  | 'self.show'
  | 'self.hide'
  | 'self.view'
  | 'remote.view'
  | 'hang-up'
  | 'sound.on'
  | 'devices.show'
  | 'devices.hide'
  | `devices.${DeviceKind}`
  | 'video.question'
  | 'diagnostics'
  | 'diagnostics.copied'
  | 'diagnostics.refused'
  | 'video.yes'
  | 'video.no'
  | 'duration'
  | 'retry.seconds'
  | 'retry.minutes'
  | 'quality.advice'
  | 'quality.advice-video'
  | `status.${ShownState}`
  | `quality.${QualityLevel}`
  | `notice.${CallNotice}`
  | `end.${EndReason}`;

/** One language. Flat, so that a page can override single texts; `{…}` are filled in. */
export type Messages = Readonly<Record<MessageKey, string>>;

export type Translate = (
  key: MessageKey,
  values?: Readonly<Record<string, string | number>>,
) => string;

/** Own texts of the page win over the language's; anything but text is ignored. */
export function createTranslate(
  messages: Messages,
  overrides: Readonly<Record<string, unknown>>,
): Translate {
  return (key, values = {}) => {
    const own = overrides[key];
    const text = typeof own === 'string' ? own : messages[key];
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
}
