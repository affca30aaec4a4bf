import type { ExtraMessages } from './messages.js';

export const en: ExtraMessages = {
  'rating.question': 'How was the call?',
  'rating.stars': { one: '{n} star', other: '{n} stars' },
  'rating.good': 'Good',
  'rating.bad': 'Not good',
  'rating.thanks': 'Thank you for your rating.',
};
