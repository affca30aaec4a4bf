import type { ConfigSource, PanelHandle, PanelHost } from './host.js';
import { CallButtonPanel } from './call-button-panel.js';

/** See `explain.ts`: words for administrators, which no visitor's browser loads. */
export async function explain(issues: readonly string[], source: ConfigSource): Promise<string> {
  return (await import('./explain.js')).explain(issues, source);
}

const TAG = 'call-button-panel';

/** Makes the panel of one `<call-button>`; the launcher puts its element into its own shadow root. */
export function createPanel(host: PanelHost): PanelHandle {
  if (!customElements.get(TAG)) customElements.define(TAG, CallButtonPanel);
  return new CallButtonPanel().attach(host);
}
