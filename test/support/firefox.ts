/**
 * Finds a Firefox for the tests, or installs one where that needs no question. Playwright drives a Firefox of its own
 * making only; Puppeteer drives every Firefox, by WebDriver BiDi.
 */
import puppeteer, { type Browser } from 'puppeteer-core';
import { findInPath, findOrInstall, isExecutable } from '../../demo/gateway/debian.js';
import { MICROPHONE_HZ } from './e2e.js';

const MAC = '/Applications/Firefox.app/Contents/MacOS/firefox';

function search(): string | null {
  const asked = process.env['FIREFOX_PATH'];
  if (asked !== undefined && asked !== '') {
    if (isExecutable(asked)) return asked;
    throw new Error(`FIREFOX_PATH is "${asked}", but no program can be run there`);
  }
  return findInPath(['firefox-esr', 'firefox']) ?? (isExecutable(MAC) ? MAC : null);
}

/** `FIREFOX_PATH`, then the usual names; as root on Debian the package `firefox-esr` is installed. */
function findFirefox(): string {
  const found = findOrInstall(search, 'firefox-esr');
  if (found !== null) return found;
  throw new Error(
    'These tests need Firefox. Install it, or set FIREFOX_PATH to its program; on Debian: apt-get install firefox-esr',
  );
}

/**
 * Without devices and without questions; its microphone hears `MICROPHONE_HZ`. With the permission it has candidates of
 * all interfaces: of the default route's alone, as a page without it, it sends no check to loopback.
 */
export function launchFirefox(): Promise<Browser> {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: findFirefox(),
    headless: true,
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true,
      'media.navigator.audio.fake_frequency': MICROPHONE_HZ,
      'media.navigator.permission.disabled': true,
      'permissions.default.microphone': 1,
      'media.autoplay.default': 0,
      'media.peerconnection.ice.loopback': true,
      'media.peerconnection.ice.obfuscate_host_addresses': false,
    },
  });
}
