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
};
