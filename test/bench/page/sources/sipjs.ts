import { SimpleUser } from 'sip.js/lib/platform/web/index.js';

Object.assign(globalThis, { SimpleUser });
