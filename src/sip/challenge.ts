import type { Core } from 'sip.js';
import type { CallEnd, Clock } from '../call/ports.js';
import type { PassResponse } from '../shared/pass.js';
import type { Digest } from './digest.js';
import type { SipMessage } from './message.js';
import type { RequestClient } from './user-agent.js';

/** Credentials that are not there by then are given up, milliseconds. */
const READY_MS = 6_000;
/** A right answer may be asked for once more, where the nonce was too old (RFC 7616 §3.3, `stale`). */
const TRIES = 2;

export type LoadDigest = () => Promise<Pick<typeof import('./digest.js'), 'createDigest'>>;

export interface ChallengeContext {
  readonly clock: Clock;
  /** `null`: every challenge is a refusal. */
  readonly pass: Pick<PassResponse, 'username' | 'password'> | null;
  /** Requests under way, by branch and method. */
  readonly clients: ReadonlyMap<string, RequestClient>;
  readonly load: LoadDigest;
  dialog(): Core.SessionDialog | undefined;
  mayAnswer(method: string): boolean;
  /** A challenge is to be passed on: the request is sent again then. `failure`: or refused, for this reason. */
  onReady(message: SipMessage, failure?: CallEnd): void;
}

/**
 * Answers 401 and 407 with the credentials of the pass (RFC 3261 §22), once for each request. What makes them is loaded
 * when it is needed, because few gateways ask. Until then the challenge is withheld from SIP.js, and its ACK with it:
 * over a reliable transport nobody repeats the one, and the server waits 32 s for the other (RFC 3261 §17.2.1, Timer H).
 */
export interface Challenges {
  /** It is a challenge, and withheld until `onReady`. */
  took(message: SipMessage): boolean;
  /** Whatever is withheld is passed on now, as a refusal. */
  drop(): void;
}

export function createChallenges(context: ChallengeContext): Challenges {
  const { clock, pass, clients } = context;
  const tries = new WeakMap<RequestClient, number>();
  const withheld = new Map<RequestClient, (credentials: string | null) => void>();
  let digest: Digest | null = null;

  /** In the place of SIP.js's own guard, which forgets the dialog's CSeq for BYE and INFO. */
  function sendAgain(client: RequestClient, name: string, credentials: string): false {
    const { message } = client;
    const dialog = message.toTag ? context.dialog() : undefined;
    dialog?.incrementLocalSequenceNumber();
    message.cseq = dialog?.localSequenceNumber ?? message.cseq + 1;
    message.setHeader('cseq', `${message.cseq} ${message.method}`);
    message.setHeader(name, credentials);
    client.init();
    return false;
  }

  function withhold(
    client: RequestClient,
    message: SipMessage,
    answer: () => Promise<string | null>,
  ): void {
    const { status, branch, method } = message;

    function release(credentials: string | null, failure?: CallEnd): void {
      if (!withheld.delete(client)) return;
      cancel();
      // another server is being called
      if (clients.get(branch + method) !== client) return;
      if (credentials !== null) {
        const name = status === 401 ? 'authorization' : 'proxy-authorization';
        client.authenticationGuard = () => sendAgain(client, name, credentials);
      }
      context.onReady(message, failure);
      delete client.authenticationGuard;
    }

    const fail = (): void => release(null, { reason: 'gateway-unreachable', status });
    const cancel = clock.after(READY_MS, fail);
    withheld.set(client, release);
    answer().then(release, fail);
  }

  return {
    took(message) {
      const { status, branch, method, headers } = message;
      const client = clients.get(branch + method);
      if ((status !== 401 && status !== 407) || pass === null || client === undefined) return false;
      if (withheld.has(client)) return true;
      const tried = tries.get(client) ?? 0;
      if (tried === TRIES || !context.mayAnswer(method)) return false;
      tries.set(client, tried + 1);
      const name = status === 401 ? 'www-authenticate' : 'proxy-authenticate';
      const challenges = headers.filter(([key]) => key === name).map(([, value]) => value);
      withhold(client, message, async () => {
        digest ??= (await context.load()).createDigest(pass.username, pass.password);
        return digest(method, client.message.ruri.toString(), challenges, tried > 0);
      });
      return true;
    },
    drop() {
      for (const release of [...withheld.values()]) release(null);
    },
  };
}
