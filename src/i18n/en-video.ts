import type { Messages } from './messages.js';

/** What only a call with pictures says. */
export const enVideo = {
  'video.mute': 'Turn camera off',
  'video.unmute': 'Turn camera on',
  'fullscreen.enter': 'Full screen',
  'fullscreen.exit': 'Leave full screen',
  'self.show': 'Show my picture',
  'self.hide': 'Hide my picture',
  'self.view': 'Your own picture',
  'remote.view': 'Picture of the person you are talking to',
  'video.question': 'The other side would like to see you. Turn your camera on?',
  'video.yes': 'Yes, turn it on',
  'video.no': 'No',
  'quality.advice-video': 'Your connection is weak. Turning the camera off may help.',
} as const satisfies Partial<Messages>;
