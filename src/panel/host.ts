/**
 * The seam between the launcher, which every page loads, and the panel, which only callers load.
 */
import type { CallSnapshot } from '../call/snapshot.js';
import type { IceServer } from '../shared/pass.js';

/** The `<call-button>` as a source of configuration. */
export interface ConfigSource extends HTMLElement {
  /** Set by the page's own script: trusted more than attributes, which anybody who injects markup can set. */
  readonly iceServers: readonly IceServer[];
  readonly captchaHost: string | null;
  /** Overrides of single texts. */
  readonly strings: Readonly<Record<string, unknown>>;
}

/** What the panel sees of its `<call-button>`. */
export interface PanelHost {
  /** Target of events, owner of the light DOM. */
  readonly element: ConfigSource;
  /** The button inside it: where the panel opens and where the focus returns. */
  readonly anchor: HTMLElement;
  /** Nonce of the script tag, for scripts that a CAPTCHA loads. */
  readonly nonce: string | undefined;
  /** `tel:` (or other) link to offer where a call from the browser cannot be had. */
  tel(): string | undefined;
  /**
   * Shows what changed outside the panel: custom states, and the button's words while the panel is minimised
   * (`null`: its own label).
   */
  reflect(states: readonly string[], label: string | null): void;
}

/** What a page can have done by a loaded panel: the element's own methods, handed on. */
export interface PanelActions {
  open(): Promise<void>;
  close(): void;
  call(): Promise<void>;
  hangUp(): void;
  sendDtmf(digits: string): void;
  setAudioMuted(muted: boolean): void;
  setVideoMuted(muted: boolean): Promise<void>;
  toggleFullscreen(): Promise<void>;
  toggleSelfView(): void;
  copyDiagnostics(): Promise<boolean>;
}

/** What a loaded panel does for its `<call-button>`. */
export interface PanelHandle extends PanelActions {
  readonly snapshot: CallSnapshot;
  /** Attributes or properties changed. */
  configure(): void;
  /** Back in the document after a move: what a move interrupts goes on. */
  resume(): void;
  /** The element is gone for good: ends the call, closes everything, leaves the element. */
  dispose(): void;
}

export interface PanelModule {
  /** Beside the anchor. */
  createPanel(host: PanelHost): PanelHandle;
  /** Tells the administrator's console what is wrong with an element, and what would be right. */
  explain(issue: string, source: ConfigSource): Promise<void>;
}

/** Opening hours, loaded only where an element has them. */
export interface HoursModule {
  /**
   * Tells at once, at every boundary and after every change of the attributes whether it is open now, and what is wrong with the attributes (empty: nothing). Returns a function that stops it.
   */
  watchHours(element: Element, report: (open: boolean, issue: string) => void): () => void;
}
