/**
 * The classic script behind `<script async crossorigin src=".../call-button.js">`: no import of its own, so that it
 * can be parsed as a script. Chunks are found relative to its own address, which is known only while it first runs.
 */
import { createCallButtonClass, registerCallButton } from './launcher/register.js';

/** Replaced by the build with the hashed names of the chunks. */
declare const __CHUNKS__: { readonly panel: string; readonly hours: string };

// not `document.currentScript`: an injected `<img name=currentScript>` would say where code comes from
const script = Reflect.get(
  Document.prototype,
  'currentScript',
  document,
) as HTMLScriptElement | null;
const base = script?.src ?? document.baseURI;
// a string that no bundler follows
const load = <T>(chunk: string): Promise<T> =>
  import(/* @vite-ignore */ new URL(chunk, base).href) as Promise<T>;

registerCallButton(() =>
  createCallButtonClass({
    loadPanel: () => load(__CHUNKS__.panel),
    loadHours: () => load(__CHUNKS__.hours),
    captchaHost: script?.dataset['captchaHost'],
    nonce: script?.nonce,
  }),
);
