/** What the browser's question will look like, and how to undo a refusal: where the browser has no leave yet. One chunk. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ExtraKey } from '../../i18n/extra/messages.js';
import type { Translate } from '../../i18n/messages.js';
import { css } from '../../styles/css.js';
import type { PanelController } from '../controller.js';
import { tell } from '../tell.js';
import { lineIcon } from '../views/icons.js';
import { ExtraElement } from './extra-element.js';
import { whichBrowser } from './which-browser.js';

const TAG = 'call-button-permission';
const INFO = 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5M12 7.9v.1';

const styles = css`
  call-button-permission {
    display: contents;
  }
  .hint {
    display: flex;
    align-items: flex-start;
    gap: 8px;
  }
  .hint svg {
    margin-block-start: 0.1em;
  }
  .help {
    display: grid;
    gap: 6px;
    padding: 12px 14px;
    border-radius: var(--_field);
    background: var(--_tint);
    font-size: 0.9375em;
  }
  .help strong {
    font-weight: 600;
  }
  .help ol {
    display: grid;
    gap: 4px;
    margin: 0;
    padding-inline-start: 22px;
  }
`;

interface Given {
  readonly panel: PanelController;
  readonly t: Translate<ExtraKey>;
}

type DeviceName = 'microphone' | 'camera';

const wanted = ({ config }: PanelController): readonly DeviceName[] =>
  config.media === 'video' ? ['microphone', 'camera'] : ['microphone'];

/** Devices that the frame around this page withholds; only Chromium says so. */
function withheld(names: readonly DeviceName[]): boolean {
  const { permissionsPolicy, featurePolicy } = document as {
    permissionsPolicy?: { allowsFeature(name: string): boolean };
    featurePolicy?: { allowsFeature(name: string): boolean };
  };
  const policy = permissionsPolicy ?? featurePolicy;
  return policy !== undefined && names.some((name) => !policy.allowsFeature(name));
}

const warned = new WeakSet<Element>();

/** Once for each element. */
function warn({ host: { element } }: PanelController): void {
  if (warned.has(element)) return;
  warned.add(element);
  void tell(({ explain }) => explain([], ['allow'], element));
}

class Permission extends ExtraElement<Given> {
  protected readonly sheet = styles;
  /** Those that the browser tells of: Firefox before 132 does not. */
  readonly #statuses = new Map<DeviceName, PermissionStatus>();
  readonly #browser = whichBrowser(navigator);
  #leave = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    const { signal } = (this.#leave = new AbortController());
    for (const name of this.given === null ? [] : wanted(this.given.panel)) {
      void this.#watch(name, signal);
    }
  }

  disconnectedCallback(): void {
    this.#leave.abort();
  }

  async #watch(name: DeviceName, signal: AbortSignal): Promise<void> {
    try {
      const status = await navigator.permissions.query({ name });
      this.#statuses.set(name, status);
      status.addEventListener('change', () => this.draw(), { signal });
      if (!signal.aborted) this.draw();
    } catch {
      // unknown: help comes when the browser has refused
    }
  }

  protected override view({ panel, t }: Given): TemplateResult | typeof nothing {
    const reason = panel.error?.reason;
    const names = wanted(panel);
    if (reason === 'permissions-policy' || withheld(names)) warn(panel);
    if (reason === 'permissions-policy' || withheld(['microphone'])) return nothing;
    const microphone = this.#statuses.get('microphone')?.state;
    // closed without an answer: the browser asks again
    const open = microphone === 'prompt' && /^(chrome|android|samsung)$/.test(this.#browser);
    const refused = reason === 'microphone-denied' && microphone !== 'granted';
    if (microphone === 'denied' || (refused && !open)) {
      return this.#helpView(panel, t, reason === 'microphone-denied');
    }
    if (!names.some((name) => this.#statuses.get(name)?.state === 'prompt')) return nothing;
    const top = this.#browser === 'chrome' || this.#browser === 'firefox';
    return html`<p class="hint muted">
      ${lineIcon(INFO)}<span>${t(top ? 'hint.top' : 'hint.window')}</span>
    </p>`;
  }

  #helpView(panel: PanelController, t: Translate<ExtraKey>, told: boolean): TemplateResult {
    const browser = this.#browser;
    const labels = wanted(panel).map((name) =>
      panel.t(name === 'microphone' ? 'devices.audioinput' : 'devices.videoinput'),
    );
    const device = new Intl.ListFormat(panel.language.locale).format(labels);
    const steps = [
      t(`help.${browser}`),
      // Firefox takes the block away, and asks again
      ...(browser === 'firefox' ? [] : [t('help.allow', { device })]),
      t('help.again'),
    ];
    return html`<div part="permission" class="help">
      ${told ? nothing : html`<p>${panel.t('end.microphone-denied')}</p>`}
      <strong id="permission-help">${t('help.title')}</strong>
      <ol aria-labelledby="permission-help">
        ${steps.map((step) => html`<li>${step}</li>`)}
      </ol>
    </div>`;
  }
}

export function view(panel: PanelController, t: Translate<ExtraKey>): TemplateResult {
  if (!customElements.get(TAG)) customElements.define(TAG, Permission);
  const given: Given = { panel, t };
  return html`<call-button-permission .given=${given}></call-button-permission>`;
}
