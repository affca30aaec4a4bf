import type { CallButtonElement, CallButtonTemplate } from 'call-button';
import type { HTMLAttributes } from 'svelte/elements';

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'call-button': Omit<HTMLAttributes<CallButtonElement>, keyof CallButtonTemplate> &
      CallButtonTemplate;
  }
}
