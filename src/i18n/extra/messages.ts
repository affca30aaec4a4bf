import type { Plural } from '../messages.js';

type ExtraText = 'rating.question' | 'rating.good' | 'rating.bad' | 'rating.thanks';

type ExtraPlural = 'rating.stars';

export type ExtraKey = ExtraText | ExtraPlural;

/** Words of what few visitors see. */
export type ExtraMessages = Readonly<Record<ExtraText, string> & Record<ExtraPlural, Plural>>;
