/**
 * The classic script behind `<script async crossorigin src=".../call-button.js">`: no import of its own, so that it
 * can be parsed as a script. Chunks are found relative to its own address, which is known only while it first runs.
 */
import { createCallButtonClass, registerCallButton } from './launcher/register.js';
import type { PanelModule } from './shared/host.js';

/** Replaced by the build with the hashed name of the panel's chunk. */
declare const __PANEL_CHUNK__: string;

const script = document.currentScript as HTMLScriptElement | null;
const base = script?.src ?? document.baseURI;

registerCallButton(() =>
  createCallButtonClass({
    loadPanel: () => import(/* @vite-ignore */ new URL(__PANEL_CHUNK__, base).href) as Promise<PanelModule>,
    captchaHost: script?.dataset['captchaHost'] ?? null,
    nonce: script?.nonce ?? null,
  }),
);
