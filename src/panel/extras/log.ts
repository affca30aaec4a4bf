/**
 * Tells the console how calls go, where the page wants to know (`log-level`): from the element's own events, the
 * browser's timings of the gate and, in short, SIP. Nothing private is in it: see `sip/summary.ts`.
 */
import { type CallState, isLive } from '../../call/call-state.js';
import { summarize } from '../../sip/summary.js';
import type { CallEndEvent, CallQualityChangeEvent, CallStateChangeEvent } from '../call-events.js';
import type { PanelController } from '../controller.js';
import { explain, isLogged, isLogLevel } from '../explain.js';
import type { ConfigSource } from '../host.js';

/** The panel that an element has now: another one where it comes back into the document. */
const controllers = new WeakMap<Element, PanelController>();

/** What a change of the snapshot is told of beside the state. */
const DETAILS = [
  'audioMuted',
  'videoMuted',
  'localVideo',
  'remoteVideo',
  'videoOffered',
  'videoRequested',
  'notice',
] as const;

/** What of an event of ours a listener reads. */
type Read<E extends Event, K extends keyof E> = Event & Pick<E, K>;

const figure = (value: number | null, unit: string): string =>
  value === null ? 'unknown' : `${Math.round(value * 100) / 100} ${unit}`;

/** One request to the gate, as the browser has timed it; the address itself may have more in it than its last word. */
function describeAnswer(entry: PerformanceEntry, gate: string | null): string | null {
  if (gate === null) return null;
  const { origin, pathname } = new URL(entry.name);
  const own = new URL(gate);
  const [, path] = /\/(pass|challenge)$/.exec(pathname) ?? [];
  if (path === undefined || origin !== own.origin || !pathname.startsWith(own.pathname))
    return null;
  // 0: no answer, or one that the page may not read; some browsers have no figure
  const { responseStatus } = entry as { responseStatus?: number };
  const status = responseStatus === undefined ? 'answered' : responseStatus || 'no answer';
  return `gate: ${path}, ${status}, ${Math.round(entry.duration)} ms`;
}

function describeChange({
  snapshot,
  previous,
}: Pick<CallStateChangeEvent, 'snapshot' | 'previous'>): string {
  const { state, callId, outcome } = snapshot;
  const end = state === 'ending' ? outcome : null;
  return [
    `${previous.state} → ${state}`,
    ...(callId !== null && callId !== previous.callId ? [`Call-ID ${callId}`] : []),
    ...(end === null ? [] : [end.reason]),
    ...(end?.status === undefined ? [] : [`status ${end.status}`]),
    ...(end?.retryAfter === undefined ? [] : [`again in ${end.retryAfter} s`]),
  ].join(', ');
}

function listen(element: ConfigSource, state: CallState): void {
  const info = (text: string): void => {
    if (isLogged('info', element)) console.info(`<call-button> ${text}`);
  };
  const debug = (text: string, ...more: unknown[]): void => {
    if (isLogged('debug', element)) console.debug(`<call-button> ${text}`, ...more);
  };
  let quality = '';
  let path = '';
  /** When the last request that was told of began, milliseconds. */
  let since = -1;

  const tellAnswers = (entries: PerformanceEntryList): void => {
    const gate = controllers.get(element)?.config.gate ?? null;
    for (const entry of entries) {
      const answer = entry.startTime > since ? describeAnswer(entry, gate) : null;
      if (answer === null) continue;
      since = entry.startTime;
      debug(answer);
    }
  };
  const requests = new PerformanceObserver((list) => tellAnswers(list.getEntries()));
  const watchRequests = (): void => requests.observe({ type: 'resource', buffered: true });

  element.addEventListener('call-state-change', (event) => {
    const { snapshot, previous } = event as Read<CallStateChangeEvent, 'snapshot' | 'previous'>;
    if (snapshot.state !== previous.state) {
      if (!isLive(previous.state)) {
        quality = path = '';
        watchRequests();
      }
      tellAnswers(requests.takeRecords());
      info(describeChange({ snapshot, previous }));
      if (!isLive(snapshot.state)) requests.disconnect();
    }
    for (const name of DETAILS) {
      if (snapshot[name] !== previous[name]) debug(`${name}: ${String(snapshot[name])}`);
    }
  });
  element.addEventListener('call-quality-change', (event) => {
    const { level, loss, jitter, delay } = (event as Read<CallQualityChangeEvent, 'quality'>)
      .quality;
    if (level !== quality) {
      const share = figure(loss === null ? null : loss * 100, '%');
      debug(
        `quality: ${level}, loss ${share}, jitter ${figure(jitter, 'ms')}, delay ${figure(delay, 'ms')}`,
      );
    }
    quality = level;
    const way = JSON.stringify(controllers.get(element)?.calls?.call.path ?? null);
    if (way !== path) debug(`media path: ${way}`);
    path = way;
  });
  element.addEventListener('call-end', (event) => {
    debug('report:', (event as Read<CallEndEvent, 'report'>).report);
  });
  // a quick visitor calls before this is loaded
  info(`state: ${state}`);
  if (isLive(state)) watchRequests();
}

/** From now on; once for each element, and for SIP each time it has a new panel. */
export function follow(controller: PanelController): void {
  const { calls, host } = controller;
  const { element } = host;
  if (calls !== null) {
    calls.trace ??= (direction, message) => {
      if (!isLogged('debug', element)) return;
      try {
        console.debug(`<call-button> ${direction} ${summarize(message)}`);
      } catch {
        // a console of the page's own must not lose the message
      }
    };
  }
  const isNew = !controllers.has(element);
  controllers.set(element, controller);
  if (!isNew) return;
  if (!isLogLevel(element.getAttribute('log-level'))) explain([], ['log-level'], element);
  listen(element, controller.snapshot.state);
}
