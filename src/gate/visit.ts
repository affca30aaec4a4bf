/**
 * One request on its way through the gate, and what several routes ask of it.
 */
import { openAt } from '../shared/hours.js';
import { parseClient, type Client } from './client.js';
import { createMac, toHex } from './crypto.js';
import { count, type Limits } from './limits.js';
import type { GateLogEntry, GateOptions } from './options.js';
import { Refusal } from './problem.js';
import type { AliasSettings, Settings } from './settings.js';

export type Note = { -readonly [K in keyof GateLogEntry]?: GateLogEntry[K] };

export interface Visit<C> {
  readonly request: Request;
  readonly context: C | undefined;
  /** What the log is to know. */
  readonly note: Note;
}

export type Route<C> = (visit: Visit<C>) => Promise<Response>;

export function jsonResponse(value: unknown): Response {
  return new Response(JSON.stringify(value), { headers: { 'Content-Type': 'application/json' } });
}

/**
 * Finds out who asks and counts it against a limit of that network. The store and the log only see a pseudonym
 * that changes with each UTC day.
 */
export function createDoorkeeper<C>(
  { clientIp, jwtSecret }: GateOptions<C>,
  { limits, now, store }: Settings,
): (visit: Visit<C>, scope: Extract<keyof Limits, `${string}erIp`>) => Promise<Client> {
  const mac = createMac('SHA-256', jwtSecret);
  return async ({ request, context, note }, scope) => {
    const client = parseClient(clientIp(request, context) ?? '');
    // without an address there is no limit: fail closed
    if (client === null) throw new Refusal('unavailable', { reason: 'client-ip' });
    const day = Math.floor(now() / 86_400_000);
    const pseudonym = toHex(await mac.sign(`network ${day} ${client.network}`)).slice(0, 32);
    note.client = pseudonym;
    await count(store, now(), scope, pseudonym, limits[scope]);
    return client;
  };
}

/** @throws Refusal `target-unknown`, or `closed` with the time until it opens. */
export function demandOpenAlias(
  { aliases, now }: Settings,
  target: string,
  note: Note,
): AliasSettings {
  const alias = aliases.get(target);
  if (alias === undefined) throw new Refusal('target-unknown');
  note.alias = target;
  if (alias.schedule === null) return alias;
  const { open, changesAt } = openAt(alias.schedule, now());
  if (open) return alias;
  throw new Refusal(
    'closed',
    changesAt === null ? {} : { retryAfter: Math.max(1, Math.ceil((changesAt - now()) / 1000)) },
  );
}
