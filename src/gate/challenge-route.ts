import type { GateOptions } from './options.js';
import { Refusal } from './problem.js';
import type { Settings } from './settings.js';
import { createDoorkeeper, demandOpenAlias, jsonResponse, type Route } from './visit.js';

/** `GET …/challenge?target=alias`: a signed ALTCHA challenge for a service that accepts ALTCHA. */
export function createChallengeRoute<C>(options: GateOptions<C>, settings: Settings): Route<C> {
  const identify = createDoorkeeper(options, settings);
  return async (visit) => {
    const target = new URL(visit.request.url).searchParams.get('target');
    if (target === null) throw new Refusal('bad-request', { reason: 'target' });
    await identify(visit, 'challengesPerIp');
    const alias = demandOpenAlias(settings, target, visit.note);
    const verifier = alias.captcha.has('altcha') ? settings.verifiers.get('altcha') : undefined;
    if (verifier?.challenge === undefined) throw new Refusal('captcha-required');
    visit.note.provider = 'altcha';
    return jsonResponse(await verifier.challenge(target));
  };
}
