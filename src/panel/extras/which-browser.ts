import type { BrowserName } from '../../i18n/extra/messages.js';

interface Brands {
  readonly userAgentData?: {
    readonly brands: readonly { readonly brand: string }[];
    readonly mobile: boolean;
  };
}

type Source = Pick<Navigator, 'userAgent' | 'maxTouchPoints'> & Brands;

/**
 * Whose settings the visitor has to look for. Client hints first: a browser's user agent string may say that it is
 * another one. WebViews and browsers that nobody listed here are `other`.
 */
export function whichBrowser({ userAgentData, userAgent, maxTouchPoints }: Source): BrowserName {
  if (userAgentData !== undefined) {
    const names = userAgentData.brands.map(({ brand }) => brand).join();
    if (names.includes('WebView')) return 'other';
    if (names.includes('Samsung')) return 'samsung';
    if (/Chrome|Chromium|Edge/.test(names)) return userAgentData.mobile ? 'android' : 'chrome';
  }
  const has = (pattern: RegExp): boolean => pattern.test(userAgent);
  // an iPad says that it is a Mac, but no Mac has a touch screen
  const touchMac = has(/Macintosh/) && maxTouchPoints > 1;
  // browsers of other makers ask in the settings of the device
  if (has(/iPhone|iPad|iPod/) || touchMac) {
    return has(/CriOS|FxiOS|EdgiOS|OPiOS|GSA\//) || !has(/Safari/) ? 'other' : 'ios';
  }
  if (has(/; wv\)/)) return 'other';
  if (has(/SamsungBrowser/)) return 'samsung';
  if (has(/Firefox/)) return has(/Android/) ? 'other' : 'firefox';
  if (has(/Chrome|Chromium/)) return has(/Android/) ? 'android' : 'chrome';
  return has(/Version\/.*Safari/) ? 'safari' : 'other';
}
