/** Cloudflare's public test keys: https://developers.cloudflare.com/turnstile/troubleshooting/testing/ */
export const TEST_SITEKEYS = {
  passes: '1x00000000000000000000AA',
  fails: '2x00000000000000000000AB',
  interactive: '3x00000000000000000000FF',
} as const;
export const TEST_TOKEN = 'XXXX.DUMMY.TOKEN.XXXX';
export const TEST_SECRETS = {
  passes: '1x0000000000000000000000000000000AA',
  fails: '2x0000000000000000000000000000000AA',
  spent: '3x0000000000000000000000000000000AA',
} as const;

/** Sitekeys that make `api.js` play one course of events; any other key passes without a question. */
export const SCENARIOS = {
  pass: 'scenario-pass',
  /** A checkbox to be ticked. */
  interactive: 'scenario-interactive',
  /** A checkbox that is taken away at once, twice; the third one stays. */
  interactiveTimeout: 'scenario-interactive-timeout',
  tokenExpires: 'scenario-token-expires',
  unsupported: 'scenario-unsupported',
  /** Neither a token nor an error: its frame is blocked. */
  neverReady: 'scenario-never-ready',
} as const;

export function errorScenario(code: string): string {
  return `scenario-error-${code}`;
}
