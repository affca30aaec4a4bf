import type { ExtraMessages } from './messages.js';

export const tr: ExtraMessages = {
  'rating.question': 'Görüşme nasıldı?',
  'rating.stars': { one: '{n} yıldız', other: '{n} yıldız' },
  'rating.good': 'İyi',
  'rating.bad': 'Kötü',
  'rating.thanks': 'Değerlendirmeniz için teşekkürler.',
};
