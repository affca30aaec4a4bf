/**
 * The far end's picture in a window of its own, over all others: where the browser has that for videos (W3C
 * Picture-in-Picture). It stays while the panel is a bar. One chunk.
 */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ExtraKey } from '../../i18n/extra/messages.js';
import type { Translate } from '../../i18n/messages.js';
import { css } from '../../styles/css.js';
import type { CallController } from '../call-controller.js';
import type { PanelController } from '../controller.js';
import { lineIcon } from '../views/icons.js';
import { ExtraElement } from './extra-element.js';

const TAG = 'call-button-picture-in-picture';
/** On the grid of `icons.ts`: a picture, a small window, and an arrow from one to the other. */
const FRAME =
  'M10 19H4.5A1.5 1.5 0 0 1 3 17.5v-11A1.5 1.5 0 0 1 4.5 5h15A1.5 1.5 0 0 1 21 6.5V10M13.5 13.5H21V19h-7.5z';
const OUT = `${FRAME}M6.5 8.5l3.5 3.5M10 9v3H7`;
const BACK = `${FRAME}M10 12L6.5 8.5M6.5 11.5v-3h3`;

const styles = css`
  call-button-picture-in-picture {
    display: contents;
  }
  /* one more in the row */
  .wide .controls {
    gap: 6px;
  }
`;

interface Given {
  readonly panel: PanelController;
  readonly calls: CallController;
  readonly t: Translate<ExtraKey>;
}

/** The video that is in such a window, by its call. */
const windows = new WeakMap<CallController, HTMLVideoElement>();

function close(): void {
  document.exitPictureInPicture().catch(() => {
    // gone already
  });
}

/** However the window came: by our button or by one of the browser's own. */
function follow({ panel, calls }: Given, video: HTMLVideoElement): void {
  const left = new AbortController();
  const { signal } = left;
  windows.set(calls, video);
  video.addEventListener(
    'leavepictureinpicture',
    () => {
      left.abort();
      if (windows.get(calls) === video) windows.delete(calls);
      panel.update();
    },
    { signal },
  );
  panel.host.element.addEventListener(
    'call-state-change',
    () => {
      if (!calls.picture) close();
    },
    { signal },
  );
  panel.update();
}

class PictureInPicture extends ExtraElement<Given> {
  protected readonly sheet = styles;
  #video: HTMLVideoElement | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    const root = this.getRootNode() as ShadowRoot;
    const video = (this.#video = root.querySelector<HTMLVideoElement>('[part=remote-video]'));
    if (video === null) return;
    video.addEventListener('enterpictureinpicture', this.#handleEnter);
    // by the window's own buttons, and by leaving the document with the panel (HTML §4.8.11.8): a call has no pause
    video.onpause = () => {
      const { calls } = this.given ?? {};
      if (!calls?.picture) return;
      if (video.isConnected || windows.get(calls) === video) video.play().catch(() => {});
    };
  }

  disconnectedCallback(): void {
    this.#video?.removeEventListener('enterpictureinpicture', this.#handleEnter);
  }

  protected override view({ calls, t }: Given): TemplateResult {
    const on = windows.has(calls);
    const name = t(on ? 'pip.exit' : 'pip.enter');
    return html`<button
      type="button"
      part="picture-in-picture"
      class=${`control ${on ? 'on' : ''}`}
      aria-label=${name}
      title=${name}
      @click=${() => (on ? close() : void this.#open())}
    >
      ${lineIcon(on ? BACK : OUT)}
    </button>`;
  }

  async #open(): Promise<void> {
    const video = this.#video;
    if (video === null) return;
    try {
      // refused before its first frame, while a press is good for some seconds (HTML §6.4.1)
      if (video.readyState === video.HAVE_NOTHING) {
        await new Promise((resolve) => {
          video.addEventListener('loadedmetadata', resolve, { once: true });
        });
      }
      await video.requestPictureInPicture();
    } catch {
      // the browser does not want to: the picture stays where it is
    }
  }

  readonly #handleEnter = (): void => {
    if (this.given !== null && this.#video !== null) follow(this.given, this.#video);
  };
}

export function view(
  panel: PanelController,
  t: Translate<ExtraKey>,
): TemplateResult | typeof nothing {
  const { calls } = panel;
  if (calls === null) return nothing;
  if (!customElements.get(TAG)) customElements.define(TAG, PictureInPicture);
  const given: Given = { panel, calls, t };
  return html`<call-button-picture-in-picture .given=${given}></call-button-picture-in-picture>`;
}
