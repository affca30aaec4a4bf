import type { Plural } from '../messages.js';

type ExtraText =
  | 'rating.question'
  | 'rating.good'
  | 'rating.bad'
  | 'rating.thanks'
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
  | 'check.remember';

type ExtraPlural = 'rating.stars';

export type ExtraKey = ExtraText | ExtraPlural;

/** Words of what few visitors see: the check before a call, help with permissions, the rating. */
export type ExtraMessages = Readonly<Record<ExtraText, string> & Record<ExtraPlural, Plural>>;
