import type { ExtraMessages } from './messages.js';

export const he: ExtraMessages = {
  'rating.question': 'איך הייתה השיחה?',
  'rating.stars': { one: 'כוכב אחד', two: 'שני כוכבים', other: '{n} כוכבים' },
  'rating.good': 'טובה',
  'rating.bad': 'לא טובה',
  'rating.thanks': 'תודה על הדירוג.',
};
