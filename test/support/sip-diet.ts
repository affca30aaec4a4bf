import type { Plugin } from 'vite';

/** Under construction: leaves SIP.js as it is. */
export function sipDiet(): Plugin {
  return { name: 'call-button:sip-diet' };
}
