import type { Clock } from '../call/ports.js';
import { ignore } from './guard.js';
import { header, type SipMessage } from './message.js';

/** Shortest interval that we agree to when asked, seconds (RFC 4028 §5). */
const MIN_SE_S = 90;
/** Shorter than this nobody makes us refresh, whatever a 2xx says, seconds. */
const LEAST_S = 10;
/** What is asked for where a server has found no interval too short, seconds (RFC 4028 §4). */
const USUAL_S = 1_800;
/** After a refresh that failed, milliseconds. */
const RETRY_MS = 10_000;
const TOO_BRIEF_MAX = 3;

interface SessionExpires {
  readonly seconds: number;
  readonly refresher: string | undefined;
}

/** Up to eleven days: beyond that a timer of the browser would fire at once. */
function sessionExpires(message: SipMessage): SessionExpires | null {
  const [, seconds, parameters = ''] =
    /^(\d{1,6})\s*(;.*)?$/.exec(header(message, 'session-expires') ?? '') ?? [];
  if (seconds === undefined) return null;
  const refresher = /refresher\s*=\s*"?(ua[cs])\b/i.exec(parameters)?.[1]?.toLowerCase();
  return { seconds: Number(seconds), refresher };
}

function supportsTimer({ headers }: SipMessage): boolean {
  return headers.some(
    ([name, value]) => /^(?:supported|require)$/.test(name) && /\btimer\b/i.test(value),
  );
}

/** What a request gets that wants too short an interval; else `null`. Who does not know the timer cannot ask for more (§9). */
export function tooBrief(request: SipMessage): string | null {
  const expires = sessionExpires(request);
  return expires !== null && expires.seconds < MIN_SE_S && supportsTimer(request)
    ? `422 Session Interval Too Small\r\nMin-SE: ${MIN_SE_S}`
    : null;
}

/** The timer of one session: RFC 4028. SIP.js 0.21.2 knows none. */
export interface SessionTimer {
  /** Header lines for an INVITE of ours, first or new. */
  request(): string[];
  /** 422: the next request asks for more. `false`: it was asked often enough. */
  raise(response: SipMessage): boolean;
  /** A 2xx to an INVITE of ours: who refreshes, and when. */
  agreed(response: SipMessage): void;
  /** Header lines for our 2xx to it, each with its line end. The session is refreshed. */
  accept(request: SipMessage): string;
  stop(): void;
}

/**
 * `refresh` offers anew, and resolves when that was accepted; `expire` ends the call: nothing was heard of the far end
 * for as long as was agreed.
 */
export function createSessionTimer(
  clock: Clock,
  refresh: () => Promise<void>,
  expire: () => void,
): SessionTimer {
  let interval: { readonly seconds: number; readonly ours: boolean } | null = null;
  let least = 0;
  let raised = 0;
  let cancelRefresh = ignore;
  let cancelExpiry = ignore;

  function stop(): void {
    interval = null;
    cancelRefresh();
    cancelExpiry();
  }

  function refreshAfter(ms: number): void {
    cancelRefresh();
    cancelRefresh = clock.after(ms, () => {
      refresh().catch(() => {
        if (interval !== null) refreshAfter(RETRY_MS);
      });
    });
  }

  function start(seconds: number, ours: boolean): void {
    stop();
    interval = { seconds, ours };
    if (ours) refreshAfter(seconds * 500);
    // RFC 4028 §10: BYE somewhat before the far end forgets the session
    cancelExpiry = clock.after((seconds - Math.min(32, seconds / 3)) * 1_000, () => {
      stop();
      expire();
    });
  }

  return {
    request() {
      if (interval === null && least === 0) return [];
      const seconds = Math.max(interval?.seconds ?? USUAL_S, least);
      const refresher = interval === null ? '' : `;refresher=${interval.ours ? 'uac' : 'uas'}`;
      return [
        `Session-Expires: ${seconds}${refresher}`,
        ...(least > 0 ? [`Min-SE: ${least}`] : []),
      ];
    },

    raise(response) {
      const value = /^\d{1,6}(?=\s*(?:;|$))/.exec(header(response, 'min-se') ?? '')?.[0];
      const seconds = Number(value ?? 0);
      if (seconds <= least) return false;
      least = seconds;
      return ++raised <= TOO_BRIEF_MAX;
    },

    agreed(response) {
      const expires = sessionExpires(response);
      if (expires === null) stop();
      else start(Math.max(expires.seconds, LEAST_S), expires.refresher !== 'uas');
    },

    accept(request) {
      const expires = sessionExpires(request);
      if (expires === null) {
        stop();
        return '';
      }
      const seconds = Math.max(expires.seconds, MIN_SE_S);
      const supported = supportsTimer(request);
      const refresher = supported ? (expires.refresher ?? 'uac') : 'uas';
      start(seconds, refresher === 'uas');
      const required = supported ? 'Require: timer\r\n' : '';
      return `Session-Expires: ${seconds};refresher=${refresher}\r\n${required}`;
    },

    stop,
  };
}

/** SIP.js's 2xx to an offer of theirs, with the lines of the timer; any other message as it is. */
export function withTimer(text: string, offer: SipMessage, timer: SessionTimer): string {
  const [, cseq] = /^SIP\/2\.0 2\d\d [^]*?\r\nCSeq: (\d+) INVITE\r\n/i.exec(text) ?? [];
  return Number(cseq) === offer.cseq ? text.replace('\r\n', `\r\n${timer.accept(offer)}`) : text;
}
