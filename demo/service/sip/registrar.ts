import { equivalentURI, Grammar, UserAgent, type URI } from 'sip.js';
import { timingSafeEqual } from 'node:crypto';
import { checkResponse, createChallenger, parseCredentials } from './digest.js';
import type { Flow } from './flow.js';
import { warning, type ReplyOptions, type Request } from './message.js';

/** Who may register. */
export interface Account {
  readonly user: string;
  readonly password: string;
}

/** One phone: RFC 3261 section 10.3, but that it is reached over the WebSocket it registered by. */
export interface Binding {
  readonly flow: Flow;
  readonly contact: URI;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface Registrar {
  /** The final response to a REGISTER: status and what goes with it. */
  register(flow: Flow, request: Request): ReplyOptions & { readonly status: number };
  /** Everybody who is registered at the moment. */
  bindings(): readonly Binding[];
  onFlowClosed(flow: Flow): void;
}

export interface RegistrarOptions {
  readonly account: Account;
  readonly realm: string;
  readonly now: () => number;
  /** A phone has come, or gone. */
  readonly onChange: (count: number) => void;
}

const EXPIRES_S = 120;
const EXPIRES_MIN_S = 10;
const EXPIRES_MAX_S = 3600;
const PHONES_MAX = 16;

interface Entry extends Binding {
  readonly callId: string;
  readonly cseq: number;
}

const sameText = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** Seconds; null for what is none. */
function readExpires(text: string | undefined): number | null {
  if (text === undefined) return EXPIRES_S;
  return /^\d{1,10}$/.test(text.trim()) ? Math.min(Number(text), EXPIRES_MAX_S) : null;
}

/**
 * Keeps in mind who has registered, with digest authentication (RFC 3261 section 22), one account for all phones.
 * `Contact: *` gets 400: SIP.js cannot read it.
 */
export function createRegistrar({ account, realm, now, onChange }: RegistrarOptions): Registrar {
  const challenger = createChallenger(realm, account.password, now);
  /** By contact. */
  const entries = new Map<string, Entry>();

  function prune(): void {
    for (const [key, entry] of entries) {
      if (entry.expiresAt <= now() || !entry.flow.open) entries.delete(key);
    }
  }

  function change(run: () => void): void {
    const before = entries.size;
    run();
    if (entries.size !== before) onChange(entries.size);
  }

  const challenge = (stale = false): ReturnType<Registrar['register']> => ({
    status: 401,
    headers: [`WWW-Authenticate: ${challenger.challenge(stale)}`],
  });

  /** Null: it is the one who may. */
  function refuse(request: Request): ReturnType<Registrar['register']> | null {
    const header = request.getHeader('Authorization');
    const credentials = header === undefined ? null : parseCredentials(header);
    if (credentials?.realm !== realm) return challenge();
    const age = challenger.judge(credentials.nonce);
    if (age !== 'fresh') return challenge(age === 'stale');
    const uri = UserAgent.makeURI(credentials.uri);
    const { ruri, to } = request;
    const good =
      uri !== undefined &&
      ruri !== undefined &&
      equivalentURI(uri, ruri) &&
      sameText(credentials.username, account.user) &&
      checkResponse(credentials, request.method, account.password);
    if (!good) return { status: 403, reason: 'Bad Credentials' };
    // whose address of record this is to be
    return to.uri.user === account.user ? null : { status: 404 };
  }

  function granted(): ReturnType<Registrar['register']> {
    const left = ({ expiresAt }: Entry): number => Math.ceil((expiresAt - now()) / 1000);
    return {
      status: 200,
      headers: [...entries.values()].map(
        (entry) => `Contact: <${entry.contact.toString()}>;expires=${left(entry)}`,
      ),
    };
  }

  function bind(flow: Flow, request: Request): ReturnType<Registrar['register']> {
    const values = request.getHeaders('Contact');
    const [value] = values;
    // to ask who is there
    if (value === undefined) return granted();
    const header = readExpires(request.getHeader('Expires'));
    const contact = values.length === 1 ? Grammar.nameAddrHeaderParse(value) : undefined;
    if (contact === undefined) return { status: 400, headers: [warning('one Contact, please')] };
    const { expires: own } = contact.parameters as { readonly expires?: string };
    const seconds = own === undefined ? header : readExpires(own);
    if (seconds === null) return { status: 400, headers: [warning('no such Expires')] };
    if (seconds > 0 && seconds < EXPIRES_MIN_S) {
      return { status: 423, headers: [`Min-Expires: ${EXPIRES_MIN_S}`] };
    }
    const key = contact.uri.toString();
    const known = entries.get(key);
    if (known?.callId === request.callId && known.cseq >= request.cseq) {
      return { status: 500, headers: [warning('out of order')] };
    }
    if (seconds === 0) entries.delete(key);
    else if (known === undefined && entries.size >= PHONES_MAX) {
      return { status: 403, headers: [warning('too many phones')] };
    } else {
      entries.set(key, {
        flow,
        contact: contact.uri,
        expiresAt: now() + seconds * 1000,
        callId: request.callId,
        cseq: request.cseq,
      });
    }
    return granted();
  }

  return {
    register(flow, request) {
      const refused = refuse(request);
      if (refused !== null) return refused;
      let result = granted();
      change(() => {
        prune();
        result = bind(flow, request);
      });
      return result;
    },
    bindings() {
      change(prune);
      return [...entries.values()];
    },
    onFlowClosed(flow) {
      change(() => {
        for (const [key, entry] of entries) if (entry.flow === flow) entries.delete(key);
      });
    },
  };
}
