/**
 * Sends the report of each call to an address of the administrator's (`report-url`): what `call-end` carries, as soon as
 * it is known, so that a page that is being left sends it as well.
 */
import type { CallReport } from '../../call/call-report.js';
import type { CallStateChangeEvent } from '../call-events.js';
import { isUrl } from '../config.js';
import type { PanelController } from '../controller.js';
import type { ConfigSource } from '../host.js';
import { tell } from '../tell.js';

const following = new WeakSet<Element>();

/** By the rule for `gate`. */
function addressOf(element: ConfigSource): string | null {
  const text = element.getAttribute('report-url')?.trim() ?? '';
  return text !== '' && isUrl('http', text, element.baseURI)
    ? new URL(text, element.baseURI).href
    : null;
}

function deliver(element: ConfigSource, report: CallReport): void {
  const url = addressOf(element);
  if (url === null) return;
  fetch(url, {
    method: 'POST',
    // text/plain, to another origin without a question ahead (Fetch, "no-cors-safelisted request-header"); the answer is
    // nobody's business
    mode: 'no-cors',
    body: JSON.stringify(report),
    // outlives the page
    keepalive: true,
    cache: 'no-store',
    credentials: 'omit',
    referrerPolicy: 'strict-origin',
  }).catch((error: unknown) => {
    void tell(({ say }) => say('warn', element, 'could not send the report of a call:', error));
  });
}

/** From now on, once for each element. */
export function follow({ host: { element } }: PanelController): void {
  if (following.has(element)) return;
  following.add(element);
  if (addressOf(element) === null) void tell(({ explain }) => explain([], ['report-url'], element));
  element.addEventListener('call-state-change', (event) => {
    const { snapshot, previous } = event as Event &
      Pick<CallStateChangeEvent, 'snapshot' | 'previous'>;
    const { report } = snapshot;
    if (report !== null && report !== previous.report) deliver(element, report);
  });
}
