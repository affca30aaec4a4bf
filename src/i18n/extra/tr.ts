import type { ExtraMessages } from './messages.js';

export const tr: ExtraMessages = {
  'rating.question': 'Görüşme nasıldı?',
  'rating.stars': { one: '{n} yıldız', other: '{n} yıldız' },
  'rating.good': 'İyi',
  'rating.bad': 'Kötü',
  'rating.thanks': 'Değerlendirmeniz için teşekkürler.',
  'check.audio': 'Mikrofonunuzu deneyin',
  'check.video': 'Mikrofonu ve kamerayı deneyin',
  'check.level': 'Mikrofon seviyesi',
  'check.speak': 'Bir şey söyleyin: çubuk hareket etmeli.',
  'check.heard': 'Mikrofonunuz çalışıyor.',
  'check.play': 'Deneme sesi çal',
  'check.question': 'Duydunuz mu?',
  'check.yes': 'Evet',
  'check.no': 'Hayır',
  'check.loud': 'Hoparlörünüz çalışıyor.',
  'check.quiet': 'Sesi açın veya başka bir hoparlör seçin.',
  'check.remember': 'Bu cihazda hatırla',
};
