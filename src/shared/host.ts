/**
 * The seam between the launcher, which every page loads, and the panel, which only callers load.
 */
import type { CallSnapshot } from '../call/snapshot.js';
import type { CallConfig } from './config.js';

/** What the panel sees of its `<call-button>`. */
export interface PanelHost {
  /** The `<call-button>`: target of events, owner of the light DOM. */
  readonly element: HTMLElement;
  /** The button inside it: where the panel opens and where the focus returns. */
  readonly anchor: HTMLElement;
  /** The same frozen object until an attribute or property changes. */
  readonly config: CallConfig;
  /** `tel:` (or other) link to offer where a call from the browser cannot be had. */
  readonly tel: string | null;
  /** Overrides of single texts. */
  readonly strings: Readonly<Record<string, unknown>>;
  /** Nonce of the script tag, for scripts that a CAPTCHA loads. */
  readonly nonce: string | null;
  /**
   * Shows what changed outside the panel: custom states, and the button's words while the panel is minimised
   * (`null`: its own label).
   */
  reflect(states: readonly string[], label: string | null): void;
}

/** What a loaded panel does for its `<call-button>`. */
export interface PanelHandle {
  readonly element: HTMLElement;
  readonly snapshot: CallSnapshot;
  open(): Promise<void>;
  close(): void;
  call(): Promise<void>;
  hangUp(): void;
  sendDtmf(digits: string): void;
  setAudioMuted(muted: boolean): void;
  setVideoMuted(muted: boolean): Promise<void>;
  toggleFullscreen(): Promise<void>;
  toggleSelfView(): void;
  /** Attributes or properties changed. */
  configure(): void;
  /** Back in the document after a move: what a move interrupts goes on. */
  resume(): void;
  /** The element is gone for good: ends the call, closes everything. */
  dispose(): void;
}

export interface PanelModule {
  createPanel(host: PanelHost): PanelHandle;
}
