import type { Page } from 'playwright-core';

/** Smallest side of a target, CSS px (WCAG 2.5.8). */
const TARGET = 24;

/**
 * What of the open panel, or of the button, is cut off, needs a sideways scroll, is too small to hit, or moves: one
 * line for each.
 */
export async function misfits(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    const found: string[] = [];
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`page ${scrollWidth} px wide`);
    const host = document.querySelector('call-button')!.shadowRoot!;
    const panel = host.querySelector('call-button-panel')?.shadowRoot ?? null;
    const section = panel?.querySelector('section') ?? null;
    if (section && section.scrollWidth > section.clientWidth) {
      found.push(`panel scrolls sideways: ${section.scrollWidth} px`);
    }
    // what is drawn by more than itself: a checkbox by its box and words
    const targets = [
      ...host.querySelectorAll('[part=launcher]:not([hidden])'),
      ...(section?.querySelectorAll('button,a,select,input') ?? []),
    ];
    for (const target of targets) {
      const shown = target.closest('label') ?? target;
      const { left, right, width, height } = shown.getBoundingClientRect();
      const name = `${target.localName} "${target.ariaLabel ?? shown.textContent.trim()}"`;
      if (width === 0) continue;
      if (left < -0.5 || right > clientWidth + 0.5) found.push(`${name}: ${left} to ${right} px`);
      if (Math.min(width, height) < least) found.push(`${name}: ${width} × ${height} px`);
    }
    for (const each of section?.querySelectorAll<HTMLElement>('p,h2,label,button,span,a') ?? []) {
      if (each.matches('.hidden,.hidden *')) continue;
      if (each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0) {
        found.push(`"${each.textContent.trim()}" is cut off`);
      }
    }
    for (const { playState, effect } of document.getAnimations()) {
      const endless = effect?.getComputedTiming().iterations === Infinity;
      if (playState === 'running' && endless) found.push('an animation runs on');
    }
    return found;
  }, TARGET);
}

/** Line, paragraph, letter and word spacing that a reader may set (WCAG 1.4.12). */
export async function spaceText(page: Page): Promise<void> {
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      '*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}',
    );
    const host = document.querySelector('call-button')!.shadowRoot!;
    const panel = host.querySelector('call-button-panel')?.shadowRoot;
    for (const root of [document, host, ...(panel ? [panel] : [])]) {
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    }
  });
}
