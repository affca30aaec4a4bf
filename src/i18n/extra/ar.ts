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
  'check.audio': 'اختبار الميكروفون',
  'check.video': 'اختبار الميكروفون والكاميرا',
  'check.level': 'مستوى الميكروفون',
  'check.speak': 'تحدّث قليلًا: يجب أن يتحرك الشريط.',
  'check.heard': 'الميكروفون يعمل.',
  'check.play': 'تشغيل صوت تجريبي',
  'check.question': 'هل سمعته؟',
  'check.yes': 'نعم',
  'check.no': 'لا',
  'check.loud': 'مكبّر الصوت يعمل.',
  'check.quiet': 'يُرجى رفع مستوى الصوت أو اختيار مكبّر صوت آخر.',
  'check.remember': 'التذكّر على هذا الجهاز',
};
