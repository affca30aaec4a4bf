import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { DeviceKind } from '../../call/ports.js';
import type { CallController } from '../call-controller.js';

const KINDS: readonly DeviceKind[] = ['audioinput', 'audiooutput', 'videoinput'];

/** One list for each kind of device, the one in use chosen. */
export function devicesView({ call, snapshot, t }: CallController): TemplateResult {
  const { devices, localVideo } = snapshot;
  return html`<div part="devices" class="devices" id="devices">
    ${KINDS.map((kind) => {
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
    })}
  </div>`;
}
