interface Brands {
  readonly userAgentData?: { readonly brands: readonly { brand: string; version: string }[] };
}

const FAMILIES: readonly (readonly [family: string, pattern: RegExp])[] = [
  ['Firefox', /Firefox\/(\d+)/],
  ['Chromium', /Chrom(?:e|ium)\/(\d+)/],
  ['Safari', /Version\/(\d+).* Safari/],
];

/** Family and major version, `Chromium 140`: no more than a report of a call needs. */
export function browserFamily({ userAgentData, userAgent }: Navigator & Brands): string {
  const chromium = userAgentData?.brands.find(({ brand }) => brand === 'Chromium');
  if (chromium !== undefined) return `Chromium ${parseInt(chromium.version)}`;
  for (const [family, pattern] of FAMILIES) {
    const version = pattern.exec(userAgent)?.[1];
    if (version !== undefined) return `${family} ${version}`;
  }
  return 'other';
}
