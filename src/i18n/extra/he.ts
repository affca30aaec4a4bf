import type { ExtraMessages } from './messages.js';

export const he: ExtraMessages = {
  'rating.question': 'איך הייתה השיחה?',
  'rating.stars': { one: 'כוכב אחד', two: 'שני כוכבים', other: '{n} כוכבים' },
  'rating.good': 'טובה',
  'rating.bad': 'לא טובה',
  'rating.thanks': 'תודה על הדירוג.',
  'check.audio': 'בדיקת המיקרופון',
  'check.video': 'בדיקת המיקרופון והמצלמה',
  'check.level': 'עוצמת המיקרופון',
  'check.speak': 'אפשר לומר משהו: הפס אמור לזוז.',
  'check.heard': 'המיקרופון פועל.',
  'check.play': 'השמעת צליל בדיקה',
  'check.question': 'שמעת אותו?',
  'check.yes': 'כן',
  'check.no': 'לא',
  'check.loud': 'הרמקול פועל.',
  'check.quiet': 'נא להגביר את עוצמת הקול או לבחור רמקול אחר.',
  'check.remember': 'לזכור במכשיר הזה',
};
