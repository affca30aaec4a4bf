import type { CallButtonElement, CallButtonTemplate } from 'call-button';
import type { DetailedHTMLProps, HTMLAttributes } from 'react';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'call-button': Omit<
        DetailedHTMLProps<HTMLAttributes<CallButtonElement>, CallButtonElement>,
        keyof CallButtonTemplate
      > &
        CallButtonTemplate;
    }
  }
}
