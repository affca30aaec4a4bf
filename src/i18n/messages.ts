import type { EndReason } from '../call/errors.js';
import type { DeviceKind, QualityLevel } from '../call/ports.js';
import type { CallState } from '../call/call-state.js';
import type { CallNotice } from '../call/snapshot.js';

type ShownState = Exclude<CallState, 'idle' | 'ended' | 'unavailable'>;

type TextKey =
  | 'title'
  | 'intro'
  | 'name'
  | 'name.empty'
  | 'call.audio'
  | 'call.video'
  | 'call.no-camera'
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
  | 'quality.advice'
  | 'quality.advice-video'
  | `status.${ShownState}`
  | `quality.${QualityLevel}`
  | `notice.${CallNotice}`
  | `end.${EndReason}`;

/** Texts that count `{n}`. */
export type PluralKey = 'name.too-long' | 'retry.seconds' | 'retry.minutes';

export type MessageKey = TextKey | PluralKey;

/** One text for each plural category that the language's whole numbers have (`Intl.PluralRules`). */
export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

/** One language. Flat, so that a page can override single texts; `{…}` are filled in. */
export type Messages = Readonly<Record<TextKey, string> & Record<PluralKey, Plural>>;

type Texts<Key extends string> = Readonly<Partial<Record<Key, string | Plural>>>;

/** Numbers are written as the language writes them; `n` is what a plural counts. */
export type Translate<Key extends string = MessageKey> = (
  key: Key,
  values?: Readonly<Record<string, string | number>>,
) => string;

/** A text, or what a page gave in its place; `undefined` for anything that is neither. */
function select(message: unknown, locale: string, n: unknown): string | undefined {
  if (typeof message === 'string') return message;
  if (typeof message !== 'object' || message === null) return undefined;
  const forms = message as Readonly<Record<string, unknown>>;
  const form = forms[new Intl.PluralRules(locale).select(Number(n))] ?? forms['other'];
  return typeof form === 'string' ? form : undefined;
}

/**
 * Own texts of the page win over the language's, and what a language lacks is said in the fallback's words. `locale`
 * is a well-formed BCP 47 tag: of the texts, and of the numbers in them.
 */
export function createTranslate<Key extends string = MessageKey>(
  { messages, locale }: { readonly messages: Texts<Key>; readonly locale: string },
  fallback: Texts<Key>,
  overrides: Readonly<Record<string, unknown>>,
): Translate<Key> {
  return (key, values = {}) => {
    const text =
      select(overrides[key], locale, values['n']) ??
      select(messages[key], locale, values['n']) ??
      select(fallback[key], locale, values['n']) ??
      key;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name] ?? whole;
      return typeof value === 'number' ? new Intl.NumberFormat(locale).format(value) : value;
    });
  };
}
