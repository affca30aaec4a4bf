import type { ConfigSource, PanelHandle, PanelHost } from './host.js';
import { CallButtonPanel } from './call-button-panel.js';
import { readConfig } from './config.js';
import { tell } from './tell.js';

/** Tells the administrator's console why an element cannot call. */
export function explain(issue: string, source: ConfigSource): Promise<void> {
  const issues = issue === 'attributes' ? readConfig(source).issues : [issue];
  return tell((words) => words.explain(issues, [], source));
}

const TAG = 'call-button-panel';
/** Slots of `<call-button>` that the panel shows: handed on through both shadow roots. */
const FORWARDED_SLOTS = ['captcha', 'form-start', 'form-end', 'ringing', 'ended', 'consent'];

/** Makes the panel of one `<call-button>`, in the shadow root of its button. */
export function createPanel(host: PanelHost): PanelHandle {
  if (!customElements.get(TAG)) customElements.define(TAG, CallButtonPanel);
  const panel = new CallButtonPanel();
  for (const name of FORWARDED_SLOTS) {
    const slot = document.createElement('slot');
    slot.name = slot.slot = name;
    panel.append(slot);
  }
  const handle = panel.attach(host);
  host.anchor.parentNode?.append(panel);
  return handle;
}
