import type { Caller } from '../../src/call/caller.js';
import type { PhoneEndReason, Registration } from '../../src/call/phone-ports.js';
import type { LastCall, PhoneNotice } from '../../src/call/phone-snapshot.js';
import { formatDuration } from '../../src/i18n/time.js';

/** Callers may leave their name empty. */
export const nameOf = (caller: Caller | null): string => caller?.name || 'Somebody';

type Sentences = Readonly<Partial<Record<PhoneEndReason, string>>>;

const REGISTRATION: Sentences = {
  'not-allowed': 'User or password is wrong.',
  'not-found': 'The service does not know this user.',
  misconfigured: 'This is no user name.',
  'gateway-unreachable': 'The service cannot be reached. Trying again…',
  'connection-lost': 'The connection was lost. Trying again…',
};

/** Why nobody can call here; empty where somebody can, or soon will. */
export function registrationWords(registration: Registration): string {
  if (registration.state !== 'failed') return '';
  const { reason, status, retrying } = registration;
  return (
    REGISTRATION[reason] ??
    (retrying
      ? 'The service is not ready. Trying again…'
      : `The service refused${status === undefined ? '' : ` (${status})`}.`)
  );
}

const UNANSWERED: Sentences = {
  'microphone-denied':
    'The microphone is blocked. Allow it beside the address of this page, then answer again: it still rings.',
  'microphone-missing': 'No microphone was found. Connect one, then answer again: it still rings.',
  'microphone-busy':
    'Another program has the microphone. Close it, then answer again: it still rings.',
  'insecure-context': 'Browsers lend a microphone only to pages on https or on this machine.',
  'webrtc-unsupported': 'This browser cannot make calls.',
};

export function noticeWords(notice: PhoneNotice): string {
  if (typeof notice === 'object') {
    return (
      UNANSWERED[notice.unanswered] ?? 'The call could not be answered. Try again: it still rings.'
    );
  }
  switch (notice) {
    case 'camera-unavailable':
      return 'The camera could not be turned on.';
    case 'camera-lost':
      return 'Your camera was disconnected.';
    case 'microphone-lost':
      return 'Your microphone was disconnected.';
    case 'microphone-replaced':
      return 'Your microphone was disconnected. Another one is in use now.';
    case 'muted-speaking':
      return 'You are muted. Nobody can hear you.';
    case 'device-unavailable':
      return 'This device could not be used. Nothing has changed.';
    case 'sound-blocked':
      return 'The browser is holding back the sound.';
    case 'video-refused':
      return 'The other side cannot take your picture. Your camera is off.';
    case 'video-ended':
      return 'The other side has switched to voice only. Your camera is off.';
    case 'hold-refused':
      return 'The other side did not agree. Nothing has changed.';
    case 'transfer-failed':
      return 'The menu did not take the call. You are still connected.';
  }
}

const ENDS: Sentences = {
  'hung-up': 'you hung up',
  'remote-hung-up': 'they hung up',
  missed: 'missed, they gave up',
  'no-answer': 'missed',
  'answered-elsewhere': 'answered on another phone',
  declined: 'declined',
  transferred: 'handed over to the menu',
  'connection-lost': 'the connection was lost',
  'media-timeout': 'no sound got through',
  'media-not-supported': 'no sound could be agreed on',
};

export function lastWords({ reason, caller, durationMs }: LastCall): string {
  const parts = [nameOf(caller), ENDS[reason] ?? 'ended'];
  if (durationMs > 0) parts.push(formatDuration(durationMs));
  return parts.join(', ');
}
