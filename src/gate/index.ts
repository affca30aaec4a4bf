/**
 * `call-button/gate`: verifies the CAPTCHA on the server and issues call passes.
 */
export { createGate } from './gate.js';
export type { Gate } from './gate.js';
export type { AliasOptions, GateLogEntry, GateOptions, TurnOptions } from './options.js';
export type { AltchaOptions } from './altcha.js';
export type { HcaptchaOptions } from './hcaptcha.js';
export type { TurnstileOptions } from './turnstile.js';
export type { Limit, Limits } from './limits.js';
export { createMemoryStore } from './store.js';
export type { MemoryStoreOptions, Store } from './store.js';
export { claimPass } from './claim.js';
export { digestPassword, parseDigestUsername, verifyPass } from './pass.js';
export type { DigestUser, Grant, PassVerdict, VerifyPassOptions } from './pass.js';
export type {
  CaptchaProviderName,
  IceServer,
  PassRequest,
  PassResponse,
  Problem,
  ProblemType,
} from '../shared/pass.js';
