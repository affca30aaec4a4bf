import { html, type TemplateResult } from 'lit/html.js';
import type { ExtraKey } from '../../i18n/extra/messages.js';
import type { Translate } from '../../i18n/messages.js';
import type { PanelController } from '../controller.js';
import { CallConsentEvent } from './consent-event.js';

/** Elements whose page is being asked: a second press must not open a second dialog of its consent manager. */
const asking = new WeakSet<Element>();

/** The visitor agrees: the attribute becomes `given`, as a consent manager would set it. What it says is all that counts. */
async function agree(element: Element): Promise<void> {
  if (asking.has(element)) return;
  asking.add(element);
  try {
    if (await new CallConsentEvent().ask(element)) element.setAttribute('consent', 'given');
  } finally {
    asking.delete(element);
  }
}

/** Asks for the consent that the page wants first. */
export function view({ host }: PanelController, t: Translate<ExtraKey>): TemplateResult {
  const { element } = host;
  const own = element.querySelector(':scope>[slot=consent]') !== null;
  return html`<div part="consent" class="form">
    ${own ? html`<slot name="consent"></slot>` : html`<p>${t('consent.text')}</p>`}
    <div class="row">
      <button type="button" class="primary" data-focus @click=${() => void agree(element)}>
        ${t('consent.give')}
      </button>
    </div>
  </div>`;
}
