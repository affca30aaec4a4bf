/**
 * Finds a Chromium-based browser for the tests, or installs one where that needs no question.
 */
import { join } from 'node:path';
import { findInPath, findOrInstall, isExecutable } from '../../demo/gateway/debian.js';

const NAMES = [
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
  'msedge',
];

const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ...['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((variable) => {
    const root = process.env[variable];
    if (root === undefined) return [];
    return [
      join(root, 'Google/Chrome/Application/chrome.exe'),
      join(root, 'Microsoft/Edge/Application/msedge.exe'),
    ];
  }),
  '/usr/lib/chromium/chromium',
  '/snap/bin/chromium',
];

function search(): string | null {
  const asked = process.env['CHROME_PATH'];
  if (asked !== undefined && asked !== '') {
    if (isExecutable(asked)) return asked;
    throw new Error(`CHROME_PATH is "${asked}", but no program can be run there`);
  }
  return findInPath(NAMES) ?? PLACES.find(isExecutable) ?? null;
}

/**
 * Path of a Chromium-based browser: `CHROME_PATH`, then the usual names and places; as root on Debian it installs
 * the package `chromium`. Throws with what to do where there is none.
 */
export function findBrowser(): string {
  const found = findOrInstall(search, 'chromium');
  if (found !== null) return found;
  throw new Error(
    'These tests need Chrome, Chromium or Edge. Install one of them, or set CHROME_PATH to its program.',
  );
}

/** Flags for calls without devices and without questions, on loopback only, as root too. */
export const BROWSER_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--use-fake-ui-for-media-stream',
  // three cameras, to choose from: the second has a format that WebRTC does not send
  '--use-fake-device-for-media-stream=device-count=3',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  // several test pages share one browser: none of them may be slowed down as a background page
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];
