/** hCaptcha's public test keys: always passed, and told by the server as host `dummy-key-pass`. */
export const TEST_SITEKEY = '10000000-ffff-ffff-ffff-000000000001';
export const TEST_TOKEN = '10000000-aaaa-bbbb-cccc-000000000001';
export const TEST_SECRET = '0x0000000000000000000000000000000000000000';

/** What a widget reports by `error-callback`, and by the promise of `execute`. */
export const CALLBACK_ERRORS = [
  'rate-limited',
  'network-error',
  'invalid-data',
  'invalid-mfa-data',
  'challenge-error',
] as const;

/** What only the promise of `execute` reports. */
export const PROMISE_ERRORS = ['missing-captcha', 'invalid-captcha-id', 'internal-error'] as const;

/** Sitekeys that make `1/api.js` play one course of events; any other key opens a challenge and waits for a press. */
export const SCENARIOS = {
  pass: 'scenario-pass',
  challenge: 'scenario-challenge',
  userCloses: 'scenario-user-closes',
  challengeExpires: 'scenario-challenge-expires',
  tokenExpires: 'scenario-token-expires',
  /** Neither a challenge nor an error: its iframe is blocked. */
  neverReady: 'scenario-never-ready',
} as const;

export function errorScenario(code: string): string {
  return `scenario-error-${code}`;
}
