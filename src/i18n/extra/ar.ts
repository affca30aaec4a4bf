import type { ExtraMessages } from './messages.js';

export const ar: ExtraMessages = {
  'rating.question': 'كيف كانت المكالمة؟',
  'rating.stars': {
    zero: 'بلا نجوم',
    one: 'نجمة واحدة',
    two: 'نجمتان',
    few: '{n} نجوم',
    many: '{n} نجمة',
    other: '{n} نجمة',
  },
  'rating.good': 'جيدة',
  'rating.bad': 'غير جيدة',
  'rating.thanks': 'شكرًا لتقييمك.',
};
