import { askGate as ask, type GateQuestion } from '../../src/shared/gate-fetch.js';
import { PROBLEM_BASE } from '../../src/shared/pass.js';

export type GateAnswer =
  /** `problem` is the last part of the problem's type; empty where there is none. */
  | { readonly kind: 'answered'; readonly status: number; readonly problem: string }
  /** Something is there, but it does not let this page read its answer. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'unreachable' };

/** Asks as the element asks. A browser tells “not there” and “not for you” apart only by a second, blind request. */
export async function askGate(
  gate: string,
  path: 'pass' | 'challenge',
  question: GateQuestion,
  signal: AbortSignal,
): Promise<GateAnswer> {
  try {
    const answer = await ask(gate, path, question, signal);
    if (answer.ok) return { kind: 'answered', status: 200, problem: '' };
    if (answer.status > 0) {
      const { status, type } = answer;
      const known = typeof type === 'string' && type.startsWith(PROBLEM_BASE);
      return { kind: 'answered', status, problem: known ? type.slice(PROBLEM_BASE.length) : '' };
    }
    await fetch(gate, { mode: 'no-cors', cache: 'no-store', credentials: 'omit', signal });
    return { kind: 'unreadable' };
  } catch {
    return { kind: 'unreachable' };
  }
}
