import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { DeviceKind } from '../../call/ports.js';
import type { CallController } from '../call-controller.js';

const KINDS: readonly DeviceKind[] = ['audioinput', 'audiooutput', 'videoinput'];

function list(
  { call, snapshot, t }: CallController,
  kind: DeviceKind,
): TemplateResult | typeof nothing {
  const { devices, localVideo } = snapshot;
  const some = devices.filter((device) => device.kind === kind);
  // a camera is chosen where one is on, or was: in a voice call the list would only puzzle
  if (some.length === 0 || (kind === 'videoinput' && !localVideo)) return nothing;
  return html`<div>
    <label for=${kind}>${t(`devices.${kind}`)}</label>
    <select
      id=${kind}
      @change=${(event: Event) =>
        void call?.chooseDevice(kind, (event.currentTarget as HTMLSelectElement).value)}
    >
      ${some.map(
        ({ id, label, selected }) =>
          html`<option value=${id} .selected=${selected}>${label}</option>`,
      )}
    </select>
  </div>`;
}

/** One list for each kind of device, the one in use chosen; how loud the speaker is below its own. */
export function devicesView(controller: CallController): TemplateResult {
  return html`<div part="devices" class="devices" id="devices">
    ${KINDS.map(
      (kind) =>
        html`${list(controller, kind)}
        ${kind === 'audiooutput' ? controller.extras?.volumeView(controller.panel) : nothing}`,
    )}
  </div>`;
}
