import type { ExtraMessages } from './messages.js';

export const de: ExtraMessages = {
  'rating.question': 'Wie war das Gespräch?',
  'rating.stars': { one: '{n} Stern', other: '{n} Sterne' },
  'rating.good': 'Gut',
  'rating.bad': 'Nicht gut',
  'rating.thanks': 'Danke für Ihre Bewertung.',
  'check.audio': 'Mikrofon testen',
  'check.video': 'Mikrofon und Kamera testen',
  'check.level': 'Mikrofonpegel',
  'check.speak': 'Sagen Sie etwas: Der Balken sollte sich bewegen.',
  'check.heard': 'Ihr Mikrofon funktioniert.',
  'check.play': 'Testton abspielen',
  'check.question': 'Haben Sie ihn gehört?',
  'check.yes': 'Ja',
  'check.no': 'Nein',
  'check.loud': 'Ihr Lautsprecher funktioniert.',
  'check.quiet': 'Stellen Sie den Ton lauter oder wählen Sie einen anderen Lautsprecher.',
  'check.remember': 'Auf diesem Gerät merken',
};
