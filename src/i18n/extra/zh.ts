import type { ExtraMessages } from './messages.js';

export const zh: ExtraMessages = {
  'rating.question': '通话体验如何？',
  'rating.stars': { other: '{n} 颗星' },
  'rating.good': '好',
  'rating.bad': '不好',
  'rating.thanks': '感谢您的评价。',
};
