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
  'hint.top': 'Ihr Browser fragt oben in seinem Fenster nach. Wählen Sie „Zulassen“.',
  'hint.window': 'Ihr Browser fragt in einem kleinen Fenster nach. Wählen Sie „Erlauben“.',
  'help.title': 'So erlauben Sie es',
  'help.chrome': 'Klicken Sie auf das Symbol neben der Adresse.',
  'help.android': 'Tippen Sie auf das Symbol neben der Adresse, dann auf „Berechtigungen“.',
  'help.firefox':
    'Klicken Sie auf das durchgestrichene Symbol neben der Adresse, dann auf × neben „Blockiert“.',
  'help.safari': 'Öffnen Sie im Menü „Safari“ die Einstellungen für diese Website.',
  'help.ios':
    'Tippen Sie in der Adressleiste auf das Seitenmenü (ᴀA), dann auf „Website-Einstellungen“.',
  'help.samsung': 'Tippen Sie auf das Schloss neben der Adresse, dann auf „Berechtigungen“.',
  'help.other': 'Öffnen Sie in Ihrem Browser die Einstellungen für diese Website.',
  'help.allow': 'Erlauben Sie: {device}.',
  'help.again': 'Starten Sie den Anruf erneut.',
  restore: 'Anruffenster wiederherstellen',
  'consent.text':
    'Wenn Sie fortfahren, verbindet sich Ihr Browser mit dem Dienst, der Ihren Anruf überträgt, und mit dem, der prüft, dass Sie ein Mensch sind. Beide erfahren Ihre IP-Adresse.',
  'consent.give': 'Zustimmen und fortfahren',
};
