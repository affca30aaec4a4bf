export interface Theme {
  /** Of its file in `demo/themes/`; empty for the element's own look. */
  readonly name: string;
  readonly title: string;
  readonly blurb: string;
}

export const THEMES: readonly Theme[] = [
  { name: '', title: 'Plain', blurb: 'as it comes' },
  { name: 'quiet', title: 'Quiet', blurb: 'ink and hairlines' },
  { name: 'glass', title: 'Glass', blurb: 'dark, translucent' },
  { name: 'print', title: 'Print', blurb: 'paper and serifs' },
  { name: 'bold', title: 'Bold', blurb: 'loud, 7 to 1' },
];
