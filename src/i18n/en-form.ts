import type { Messages } from './messages.js';

/** What the form says, also where the call engine cannot be had: comes with the panel. */
export const enForm = {
  title: 'Call',
  intro: 'Talk to us right here in your browser.',
  name: 'Your name',
  'name.empty': 'Please enter your name.',
  'name.too-long': {
    one: 'Please use at most {n} character.',
    other: 'Please use at most {n} characters.',
  },
  'call.audio': 'Start call',
  'call.video': 'Start video call',
  'call.no-camera': 'Call without camera',
  'call.phone': 'Call by phone instead',
  close: 'Close',
  cancel: 'Cancel',
  loading: 'One moment…',
  captcha: 'Human check',
  'captcha.retry': 'Try again',
  'retry.seconds': {
    one: 'Please try again in {n} second.',
    other: 'Please try again in {n} seconds.',
  },
  'retry.minutes': {
    one: 'Please try again in {n} minute.',
    other: 'Please try again in {n} minutes.',
  },
  'end.gate-unreachable': 'No connection. Please check your internet connection and try again.',
  'end.captcha-unavailable':
    'The human check could not be loaded. Please switch off blockers for this page and try again.',
  'end.another-call': 'You are already in a call on this page. Please end it first.',
  'end.misconfigured':
    'Calls are not set up correctly on this page. Please contact us another way.',
} as const satisfies Partial<Messages>;
