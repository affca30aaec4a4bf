import { UA } from 'jssip';

Object.assign(globalThis, { UA });
