/** What every page of the benchmark has: its parameters, what it timed, and how it is driven. */

export interface PageParameters {
  readonly server: string;
  readonly gate: string;
  readonly target: string;
  readonly domain: string;
  /** A pass as the gate gave it, JSON; empty: the page asks for its own, or none is needed. */
  readonly pass: string;
  /** STUN server, or empty. */
  readonly stun: string;
  /** The socket is opened ahead of the click. */
  readonly early: boolean;
  readonly video: boolean;
  /** Listen for the first sound. */
  readonly sound: boolean;
}

/** Steps of a call, each timed at its first time since the click, ms of `performance.now()`. */
export type Step =
  | 'click'
  | 'socket'
  | 'asked'
  | 'devices'
  | 'offer'
  | 'candidate'
  | 'invite'
  | 'progress'
  | 'answer'
  | 'connected'
  | 'sound'
  | 'bye';

export interface Contender {
  /** Everything that is done before the click. */
  prepare(): Promise<void>;
  hangUp(): void;
}

declare global {
  /** Filled in by `probe.ts`. */
  var steps: Partial<Record<Step, number>>;
  /** Listening for sound has begun. */
  var earReady: Promise<void>;
  var contender: Contender;
}

export function parameters(): PageParameters {
  const query = new URLSearchParams(location.search);
  const text = (name: string): string => query.get(name) ?? '';
  return {
    server: text('server'),
    gate: text('gate'),
    target: text('target'),
    domain: text('domain'),
    pass: text('pass'),
    stun: text('stun'),
    early: query.has('early'),
    video: query.has('video'),
    sound: query.has('sound'),
  };
}

export const iceServers = ({ stun }: PageParameters): RTCIceServer[] =>
  stun === '' ? [] : [{ urls: stun }];

/** Header lines of a call with a pass. */
export function passHeaders({ pass }: PageParameters): string[] {
  if (pass === '') return [];
  const { pass: value } = JSON.parse(pass) as { pass: string };
  return [`X-Call-Pass: ${value}`];
}

/** The button of pages that have none of their own. */
export function callButton(press: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.id = 'call';
  button.textContent = 'Call';
  button.onclick = press;
  document.body.append(button);
  return button;
}

export const failed = (error: unknown): never => {
  throw error instanceof Error ? error : new Error(String(error));
};
