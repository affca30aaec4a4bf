import { html, nothing, type TemplateResult } from 'lit';
import { contextRows } from '../../../src/call/caller.js';
import type { PhoneSnapshot } from '../../../src/call/phone-snapshot.js';

type View = TemplateResult | typeof nothing;

/** The page that the caller is on, as the page told; empty where it did not. */
export function pageOf({ caller }: PhoneSnapshot): string {
  const rows = caller?.context == null ? [] : contextRows(caller.context);
  return rows.find(([label]) => label === 'page')?.[1] ?? '';
}

/** What the page sent along: text, as the caller's browser sent it, and never a link to click on. */
export function contextView({ caller }: PhoneSnapshot): View {
  if (caller?.context == null) return nothing;
  const rows = contextRows(caller.context);
  if (rows.length === 0) return nothing;
  return html`<section aria-labelledby="context">
    <h2 id="context">From the page</h2>
    <dl class="rows">
      ${rows.map(
        ([label, value]) =>
          html`<div>
            <dt>${label || 'note'}</dt>
            <dd dir="auto">${value}</dd>
          </div>`,
      )}
    </dl>
    <p class="quiet">Sent by the caller’s browser: a hint, not a proof.</p>
  </section>`;
}

/** The keys that the caller pressed, as keys. */
export function digitsView({ digits }: PhoneSnapshot): TemplateResult {
  return html`<section aria-labelledby="digits">
    <h2 id="digits">Keys they press</h2>
    <p class="keys" role="log" aria-label="Keys they press" dir="ltr">
      ${
        digits === ''
          ? html`<span class="quiet">None yet. Each one shows up here.</span>`
          : [...digits.slice(-16)].map((digit) => html`<kbd>${digit}</kbd>`)
      }
    </p>
  </section>`;
}
