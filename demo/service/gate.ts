import type { RequestListener } from 'node:http';
import { createGate, type GateOptions, type Store } from '../../src/gate/index.js';
import { toNodeListener, type NodeContext } from '../../src/gate/node.js';

/** Which CAPTCHA the pages use and the gate demands. */
export type CaptchaChoice =
  | { readonly provider: 'altcha' | 'none' }
  | {
      readonly provider: 'hcaptcha' | 'turnstile';
      readonly sitekey: string;
      readonly secret: string;
      /** Another siteverify, for tests. */
      readonly verifyUrl?: string;
    };

/** For tests that need another gate than the built-in one. */
export type GateOverrides = Partial<GateOptions<NodeContext>>;

export interface ServiceGateOptions {
  readonly aliases: readonly string[];
  readonly origins: readonly string[];
  readonly captcha: CaptchaChoice;
  readonly secrets: { readonly jwt: string; readonly digest: string; readonly altcha: string };
  readonly store: Store;
  readonly overrides: GateOverrides;
}

// everybody who tries the demo comes from the same address
const LIMITS = { perIp: { max: 300, seconds: 600 }, challengesPerIp: { max: 600, seconds: 600 } };

/** The gate of DESIGN section 6, for the aliases of the service and for its own pages. */
export function createServiceGate(options: ServiceGateOptions): RequestListener {
  const { captcha, secrets } = options;
  const gate = createGate<NodeContext>({
    // plain HTTP on this machine, and the providers' test keys
    production: false,
    origins: options.origins,
    aliases: Object.fromEntries(
      options.aliases.map((alias) => [alias, { captcha: [captcha.provider] }]),
    ),
    jwtSecret: secrets.jwt,
    digestSecret: secrets.digest,
    clientIp: (_request, context) => context?.remoteAddress,
    limits: LIMITS,
    store: options.store,
    ...providerOptions(captcha, secrets.altcha),
    ...options.overrides,
  });
  return toNodeListener(gate);
}

function providerOptions(
  captcha: CaptchaChoice,
  hmacKey: string,
): Pick<GateOptions, 'altcha' | 'hcaptcha' | 'turnstile'> {
  switch (captcha.provider) {
    case 'none':
      return {};
    case 'altcha':
      return { altcha: { hmacKey } };
    case 'hcaptcha':
      return { hcaptcha: captcha };
    case 'turnstile':
      return { turnstile: captcha };
  }
}
