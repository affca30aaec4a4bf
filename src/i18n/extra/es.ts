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
  'hint.top': 'Su navegador le preguntará en la parte superior de la ventana. Elija «Permitir».',
  'hint.window': 'Su navegador le preguntará en una ventana pequeña. Elija «Permitir».',
  'help.title': 'Cómo permitirlo',
  'help.chrome': 'Haga clic en el icono junto a la dirección.',
  'help.android': 'Toque el icono junto a la dirección y después «Permisos».',
  'help.firefox':
    'Haga clic en el icono tachado junto a la dirección y después en × al lado de «Bloqueado».',
  'help.safari': 'Abra los ajustes de este sitio web en el menú Safari.',
  'help.ios':
    'Toque el menú de la página (ᴀA) en la barra de direcciones y después «Ajustes del sitio web».',
  'help.samsung': 'Toque el candado junto a la dirección y después «Permisos».',
  'help.other': 'Abra los ajustes de este sitio en su navegador.',
  'help.allow': 'Permita: {device}.',
  'help.again': 'Inicie la llamada de nuevo.',
  restore: 'Restaurar la ventana de la llamada',
  'consent.text':
    'Si continúa, su navegador se conectará con el servicio que transmite la llamada y con el que comprueba que es usted una persona. Ambos reciben su dirección IP.',
  'consent.give': 'Aceptar y continuar',
};
