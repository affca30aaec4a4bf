import type { CallConfig } from '../shared/config.js';
import type { PassResponse } from '../shared/pass.js';
import type { CallEvent } from './call-state.js';
import type { Captcha, PassSource } from './ports.js';

export interface AdmissionPorts {
  /** The form's CAPTCHA, as soon as it is loaded; shown again where the form was left already. */
  captcha(signal: AbortSignal): Promise<Captcha>;
  /** `null`: the administrator uses no gate. */
  readonly passSource: PassSource | null;
}

/**
 * CAPTCHA token, then pass. `null` where the administrator uses no gate. One token makes one request: a failure is
 * the visitor's to repeat, with a new token.
 */
export async function admit(
  config: Pick<CallConfig, 'target' | 'captcha'>,
  ports: AdmissionPorts,
  name: string,
  report: (event: CallEvent) => void,
  signal: AbortSignal,
): Promise<PassResponse | null> {
  const { target, captcha: provider } = config;
  if (ports.passSource === null) return null;
  let captcha: Captcha | undefined;
  let token: string | undefined;
  if (provider !== 'none') {
    report('verify');
    captcha = await ports.captcha(signal);
    ({ value: token } = await captcha.token(signal));
  }
  report('authorize');
  try {
    return await ports.passSource.request({ target, provider, name, token }, signal);
  } catch (error) {
    // the token is spent, whatever became of the request
    captcha?.reset();
    throw error;
  }
}
