import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';
import { register } from 'tsx/esm/api';
import { fileURLToPath } from 'node:url';

register();
const { BROWSER_FLAGS, findBrowser } = await import('./support/browser.ts');
const { sipSocketServer } = await import('./support/sip-socket-server.ts');
const { udpRelay } = await import('./support/udp-relay.ts');
const root = fileURLToPath(new URL('..', import.meta.url));
// CALL_BUTTON_DIET=1: with the SIP.js that the bundle gets, not the published one
const diet =
  process.env.CALL_BUTTON_DIET === '1'
    ? [(await import('./support/sip-diet.ts')).sipDietServer()]
    : [];

export default {
  rootDir: root,
  files: ['test/{shared,call,captcha,pass,media,sip,launcher,panel,i18n}/**/*.test.ts'],
  nodeResolve: { exportConditions: ['browser'] },
  plugins: [
    ...diet,
    sipSocketServer(),
    udpRelay(),
    esbuildPlugin({ ts: true, target: 'es2022', tsconfig: `${root}/tsconfig.json` }),
  ],
  browsers: [
    chromeLauncher({
      launchOptions: { executablePath: findBrowser(), args: [...BROWSER_FLAGS] },
    }),
  ],
  // a test page that plays sound or draws must not share the processor with many others
  concurrency: 2,
  testFramework: { config: { ui: 'bdd', timeout: 10_000, retries: 0 } },
  testsFinishTimeout: 120_000,
};
