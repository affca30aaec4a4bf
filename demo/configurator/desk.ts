import type { Fields } from './fields.js';
import type { Step, Verdict } from './checks.js';

export interface Line {
  readonly title: Step['title'];
  /** Null while it is being found out. */
  readonly verdict: Verdict | null;
}

export interface Preview {
  readonly dark: boolean;
  readonly phone: boolean;
}

/** What the views show, and what they can have done. */
export interface Desk {
  readonly fields: Fields;
  /** What is set; the form writes it and says so by `changed`. */
  readonly attributes: Map<string, string>;
  readonly properties: Map<string, string>;
  readonly theme: string;
  readonly script: string;
  /** The snippet names this build by its hashes. */
  readonly pinned: boolean;
  readonly preview: Preview;
  /** Of the last run with these settings; null before. */
  readonly lines: readonly Line[] | null;
  readonly checking: boolean;
  readonly snippet: string;
  readonly copied: boolean;
  readonly changed: () => void;
  setTheme(name: string): void;
  setScript(url: string): void;
  setPinned(pinned: boolean): void;
  setPreview(preview: Partial<Preview>): void;
  check(): void;
  copy(): void;
}
