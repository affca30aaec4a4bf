import type { ExtraMessages } from './messages.js';

export const fr: ExtraMessages = {
  'rating.question': 'Comment s’est passé l’appel\u00a0?',
  'rating.stars': { one: '{n} étoile', other: '{n} étoiles' },
  'rating.good': 'Bien',
  'rating.bad': 'Pas bien',
  'rating.thanks': 'Merci pour votre avis.',
  'check.audio': 'Tester votre micro',
  'check.video': 'Tester le micro et la caméra',
  'check.level': 'Niveau du micro',
  'check.speak': 'Dites quelque chose\u00a0: la barre doit bouger.',
  'check.heard': 'Votre micro fonctionne.',
  'check.play': 'Écouter un son de test',
  'check.question': 'L’avez-vous entendu\u00a0?',
  'check.yes': 'Oui',
  'check.no': 'Non',
  'check.loud': 'Votre haut-parleur fonctionne.',
  'check.quiet': 'Augmentez le volume ou choisissez un autre haut-parleur.',
  'check.remember': 'Mémoriser sur cet appareil',
  'hint.top':
    'Votre navigateur va vous demander l’accès en haut de sa fenêtre. Choisissez «\u00a0Autoriser\u00a0».',
  'hint.window':
    'Votre navigateur va vous demander l’accès dans une petite fenêtre. Choisissez «\u00a0Autoriser\u00a0».',
  'help.title': 'Comment l’autoriser',
  'help.chrome': 'Cliquez sur l’icône à côté de l’adresse.',
  'help.android': 'Touchez l’icône à côté de l’adresse, puis «\u00a0Autorisations\u00a0».',
  'help.firefox':
    'Cliquez sur l’icône barrée à côté de l’adresse, puis sur × à côté de «\u00a0Bloqué\u00a0».',
  'help.safari': 'Dans le menu Safari, ouvrez les réglages de ce site web.',
  'help.ios':
    'Touchez le menu de la page (ᴀA) dans la barre d’adresse, puis «\u00a0Réglages du site web\u00a0».',
  'help.samsung': 'Touchez le cadenas à côté de l’adresse, puis «\u00a0Autorisations\u00a0».',
  'help.other': 'Ouvrez les réglages de ce site dans votre navigateur.',
  'help.allow': 'Autorisez\u00a0: {device}.',
  'help.again': 'Relancez l’appel.',
  restore: 'Rétablir la fenêtre d’appel',
  'consent.text':
    'Si vous continuez, votre navigateur se connecte au service qui achemine votre appel et à celui qui vérifie que vous êtes humain. Ils reçoivent votre adresse IP.',
  'consent.give': 'Accepter et continuer',
  'self.move': 'Déplacer mon image vers un autre coin',
  volume: 'Volume sonore',
  'pip.enter': 'Image dans l’image',
  'pip.exit': 'Quitter l’image dans l’image',
};
