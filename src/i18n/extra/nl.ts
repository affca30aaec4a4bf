import type { ExtraMessages } from './messages.js';

export const nl: ExtraMessages = {
  'rating.question': 'Hoe was het gesprek?',
  'rating.stars': { one: '{n} ster', other: '{n} sterren' },
  'rating.good': 'Goed',
  'rating.bad': 'Niet goed',
  'rating.thanks': 'Bedankt voor uw beoordeling.',
  'check.audio': 'Microfoon testen',
  'check.video': 'Microfoon en camera testen',
  'check.level': 'Microfoonniveau',
  'check.speak': 'Zeg iets: de balk hoort te bewegen.',
  'check.heard': 'Uw microfoon werkt.',
  'check.play': 'Testgeluid afspelen',
  'check.question': 'Hebt u het gehoord?',
  'check.yes': 'Ja',
  'check.no': 'Nee',
  'check.loud': 'Uw luidspreker werkt.',
  'check.quiet': 'Zet het volume hoger of kies een andere luidspreker.',
  'check.remember': 'Onthouden op dit apparaat',
};
