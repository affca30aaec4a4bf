/** What all examples have in common: everything but where the visitor's address stands. */
// in your project: 'call-button/gate'
import type { GateOptions } from '../../src/gate/index.js';

export type Env = Readonly<Record<string, string | undefined>>;

/** Secrets come from the environment, 32 bytes or more each: `openssl rand -hex 32`. */
export function gateOptions(env: Env): Omit<GateOptions, 'clientIp'> {
  return {
    origins: ['https://www.example.com'],
    // proof of work needs no account; for the others: `hcaptcha: {sitekey, secret}`, `turnstile: {secret}`
    aliases: { sales: {}, support: { hours: 'Mo-Su 00:00-24:00', timeZone: 'Europe/Berlin' } },
    altcha: { hmacKey: env['ALTCHA_KEY'] ?? '' },
    jwtSecret: env['PASS_JWT_SECRET'] ?? '',
    digestSecret: env['PASS_DIGEST_SECRET'] ?? '',
    // one line per request, without names, secrets or addresses
    log: (entry) => console.log(JSON.stringify(entry)),
  };
}
