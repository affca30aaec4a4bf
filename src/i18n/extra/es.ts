import type { ExtraMessages } from './messages.js';

export const es: ExtraMessages = {
  'rating.question': '¿Qué tal ha ido la llamada?',
  'rating.stars': { one: '{n} estrella', other: '{n} estrellas' },
  'rating.good': 'Bien',
  'rating.bad': 'Mal',
  'rating.thanks': 'Gracias por su valoración.',
  'check.audio': 'Probar el micrófono',
  'check.video': 'Probar el micrófono y la cámara',
  'check.level': 'Nivel del micrófono',
  'check.speak': 'Diga algo: la barra debería moverse.',
  'check.heard': 'Su micrófono funciona.',
  'check.play': 'Reproducir un sonido de prueba',
  'check.question': '¿Lo ha oído?',
  'check.yes': 'Sí',
  'check.no': 'No lo oigo',
  'check.loud': 'Su altavoz funciona.',
  'check.quiet': 'Suba el volumen o elija otro altavoz.',
  'check.remember': 'Recordar en este dispositivo',
};
