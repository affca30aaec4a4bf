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
    const section = panel?.querySelector('section,.bar') ?? null;
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

/**
 * What of the panel, of its bar, or of the button cannot be brought into sight and pressed there, or is outside of the
 * window: one line for each.
 */
export async function unreachable(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const host = document.querySelector('call-button')!.shadowRoot!;
    const panel = host.querySelector('call-button-panel')?.shadowRoot;
    const window = panel?.querySelector('section,.bar');
    if (window) {
      const { left, top, right, bottom } = window.getBoundingClientRect();
      const within = left >= -0.5 && top >= -0.5 && right <= innerWidth + 0.5;
      if (!within || bottom > innerHeight + 0.5) {
        found.push(
          `panel at ${left}, ${top} to ${right}, ${bottom} in ${innerWidth} × ${innerHeight}`,
        );
      }
    }
    const targets = window
      ? window.querySelectorAll('button,a,select,input')
      : host.querySelectorAll('[part=launcher]:not([hidden])');
    for (const target of targets) {
      if (target.getBoundingClientRect().width === 0 || target.closest('[inert]')) continue;
      target.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      const { left, top, right, bottom } = target.getBoundingClientRect();
      const at = [(left + right) / 2, (top + bottom) / 2] as const;
      let hit = document.elementFromPoint(...at);
      for (let root = hit?.shadowRoot; root; root = hit?.shadowRoot) {
        const inner = root.elementFromPoint(...at);
        if (inner === hit || inner === null) break;
        hit = inner;
      }
      const name = `${target.localName} "${target.ariaLabel ?? target.textContent.trim()}"`;
      if (hit === null || !target.contains(hit)) {
        found.push(
          `${name} at ${left}, ${top} is behind ${hit?.outerHTML.slice(0, 80) ?? 'nothing'}`,
        );
      } else if (top < -0.5 || bottom > innerHeight + 0.5) {
        found.push(`${name} from ${top} to ${bottom} in ${innerHeight} px`);
      }
    }
    return found;
  });
}
