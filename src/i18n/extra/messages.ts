import type { Plural } from '../messages.js';

/** See `which-browser.ts`. */
export type BrowserName = 'chrome' | 'android' | 'firefox' | 'safari' | 'ios' | 'samsung' | 'other';

type ExtraText =
  | 'rating.question'
  | 'rating.good'
  | 'rating.bad'
  | 'rating.thanks'
  | 'consent.text'
  | 'consent.give'
  | 'check.audio'
  | 'check.video'
  | 'check.level'
  | 'check.speak'
  | 'check.heard'
  | 'check.play'
  | 'check.question'
  | 'check.yes'
  | 'check.no'
  | 'check.loud'
  | 'check.quiet'
  | 'check.remember'
  | 'hint.top'
  | 'hint.window'
  | 'help.title'
  | `help.${BrowserName}`
  | 'help.allow'
  | 'help.again'
  | 'restore'
  | 'self.move'
  | 'pip.exit'
  | 'pip.enter'
  | 'volume';

type ExtraPlural = 'rating.stars';

export type ExtraKey = ExtraText | ExtraPlural;

/** Words of what few visitors see: the check before a call, help with permissions, the rating. */
export type ExtraMessages = Readonly<Record<ExtraText, string> & Record<ExtraPlural, Plural>>;
