import { isAlias } from '../shared/alias.js';
import { parseDisplayName } from '../shared/display-name.js';
import {
  CAPTCHA_PROVIDERS,
  CAPTCHA_TOKEN_MAX,
  type CaptchaProviderName,
  type IceServer,
  type PassRequest,
  type PassResponse,
} from '../shared/pass.js';
import { readJson } from './body.js';
import { randomHex } from './crypto.js';
import { count } from './limits.js';
import type { GateOptions } from './options.js';
import { digestPassword, digestUsername, signPass, turnCredentials, type Grant } from './pass.js';
import { Refusal } from './problem.js';
import type { Settings } from './settings.js';
import { createDoorkeeper, demandOpenAlias, jsonResponse, type Route } from './visit.js';

/** `POST …/pass`: a CAPTCHA token for a pass. */
export function createPassRoute<C>(options: GateOptions<C>, settings: Settings): Route<C> {
  const { limits, now, passSeconds, store, turnSeconds, verifiers } = settings;
  const identify = createDoorkeeper(options, settings);
  const issue = createIssuer(options, turnSeconds);

  return async (visit) => {
    const { request, note } = visit;
    const client = await identify(visit, 'perIp');
    const { target, provider, token, name } = parsePassRequest(await readJson(request));

    const alias = demandOpenAlias(settings, target, note);
    if (!alias.captcha.has(provider)) throw new Refusal('captcha-required');
    note.provider = provider;
    if (provider !== 'none') {
      const verifier = verifiers.get(provider);
      if (verifier === undefined || token === undefined) throw new Refusal('unavailable');
      const check = { ip: client.ip, alias: target, signal: request.signal };
      const verdict = await verifier.verify(token, check);
      if (!verdict.ok) throw new Refusal(verdict.problem, { reason: verdict.reason });
    }

    // passes and not attempts, and the alias first: a flood of one service must not use up the others' share
    await count(store, now(), 'perAlias', target, limits.perAlias);
    await count(store, now(), 'overall', 'all', limits.overall);
    const issuedAt = Math.floor(now() / 1000);
    const jti = randomHex(16);
    note.jti = jti;
    return jsonResponse(
      await issue({ alias: target, jti, expiresAt: issuedAt + passSeconds, name }, issuedAt),
    );
  };
}

function createIssuer<C>(
  { digestSecret, domain, iceServers = [], jwtSecret, server, turn }: GateOptions<C>,
  turnSeconds: number,
): (grant: Grant, issuedAt: number) => Promise<PassResponse> {
  return async (grant, issuedAt) => {
    const username = digestUsername(grant);
    const ice: IceServer[] = [...iceServers];
    if (turn !== undefined) {
      const credentials = await turnCredentials(issuedAt + turnSeconds, grant.jti, turn.secret);
      ice.push({ urls: turn.urls, ...credentials });
    }
    return {
      pass: await signPass(grant, issuedAt, jwtSecret),
      username,
      password: await digestPassword(username, digestSecret),
      expiresAt: grant.expiresAt,
      ...(ice.length > 0 ? { iceServers: ice } : {}),
      ...(server === undefined ? {} : { server }),
      ...(domain === undefined ? {} : { domain }),
    };
  };
}

function parsePassRequest(body: Readonly<Record<string, unknown>>): PassRequest {
  const { target, provider, token, name } = body;
  if (!isAlias(target)) throw new Refusal('bad-request', { reason: 'target' });
  if (!isProvider(provider)) throw new Refusal('bad-request', { reason: 'provider' });
  const parsed = typeof name === 'string' ? parseDisplayName(name) : null;
  if (parsed?.ok !== true) throw new Refusal('bad-request', { reason: 'name' });
  const request = { target, provider, name: parsed.name };
  if (provider === 'none') return request;
  // printable ASCII: one character is one byte
  if (typeof token !== 'string' || !/^[!-~]+$/.test(token) || token.length > CAPTCHA_TOKEN_MAX) {
    throw new Refusal('bad-request', { reason: 'token' });
  }
  return { ...request, token };
}

function isProvider(value: unknown): value is CaptchaProviderName {
  return CAPTCHA_PROVIDERS.some((name) => name === value);
}
