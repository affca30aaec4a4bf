import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Makes `dist/call-button.js` and its chunks: what `vite build` does. */
export async function buildScript(): Promise<void> {
  await build({
    configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)),
    logLevel: 'warn',
  });
}
