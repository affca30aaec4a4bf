import type { ExtraMessages } from './messages.js';

export const pl: ExtraMessages = {
  'rating.question': 'Jak przebiegła rozmowa?',
  'rating.stars': {
    one: '{n} gwiazdka',
    few: '{n} gwiazdki',
    many: '{n} gwiazdek',
    other: '{n} gwiazdki',
  },
  'rating.good': 'Dobrze',
  'rating.bad': 'Źle',
  'rating.thanks': 'Dziękujemy za ocenę.',
  'check.audio': 'Sprawdź mikrofon',
  'check.video': 'Sprawdź mikrofon i kamerę',
  'check.level': 'Poziom mikrofonu',
  'check.speak': 'Proszę coś powiedzieć: pasek powinien się poruszyć.',
  'check.heard': 'Mikrofon działa.',
  'check.play': 'Odtwórz dźwięk testowy',
  'check.question': 'Czy było go słychać?',
  'check.yes': 'Tak',
  'check.no': 'Nie',
  'check.loud': 'Głośnik działa.',
  'check.quiet': 'Proszę zwiększyć głośność lub wybrać inny głośnik.',
  'check.remember': 'Zapamiętaj na tym urządzeniu',
};
