import type { PanelHandle, PanelHost } from '../shared/host.js';
import { CallButtonPanel } from './call-button-panel.js';

const TAG = 'call-button-panel';

/** Makes the panel of one `<call-button>`; the launcher puts its element into its own shadow root. */
export function createPanel(host: PanelHost): PanelHandle {
  if (!customElements.get(TAG)) customElements.define(TAG, CallButtonPanel);
  return new CallButtonPanel().attach(host);
}
