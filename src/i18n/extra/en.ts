import type { ExtraMessages } from './messages.js';

export const en: ExtraMessages = {
  'rating.question': 'How was the call?',
  'rating.stars': { one: '{n} star', other: '{n} stars' },
  'rating.good': 'Good',
  'rating.bad': 'Not good',
  'rating.thanks': 'Thank you for your rating.',
  'check.audio': 'Check your microphone',
  'check.video': 'Check microphone and camera',
  'check.level': 'Microphone level',
  'check.speak': 'Say something: the bar should move.',
  'check.heard': 'Your microphone works.',
  'check.play': 'Play a test sound',
  'check.question': 'Did you hear it?',
  'check.yes': 'Yes',
  'check.no': 'No',
  'check.loud': 'Your speaker works.',
  'check.quiet': 'Turn the volume up, or choose another speaker.',
  'check.remember': 'Remember on this device',
};
