/** Space kept free around the panel, px. */
const MARGIN = 16;

/**
 * Places the open panel beside its button and inside the window. It is `position: fixed`, so that no `overflow` of
 * the page clips it and it stays in sight when the page scrolls in a call; a transformed ancestor would shift a
 * fixed box, hence the measured correction.
 */
export function placePanel(panel: HTMLElement, anchor: DOMRect): void {
  const { style } = panel;
  style.translate = '0';
  // as it will be: it may be on the rise yet, and only what is important goes over an animation
  style.setProperty('transform', 'none', 'important');
  const origin = panel.getBoundingClientRect();
  // of the style just computed
  const rtl = getComputedStyle(panel).direction === 'rtl';
  style.removeProperty('transform');
  const width = document.documentElement.clientWidth;
  const height = window.innerHeight;
  const wantedX =
    rtl || anchor.left + origin.width > width ? anchor.right - origin.width : anchor.left;
  const below = anchor.bottom + 8;
  const above = anchor.top - 8 - origin.height;
  const wantedY = below + origin.height <= height - MARGIN || above < MARGIN ? below : above;
  const clamp = (value: number, max: number): number =>
    Math.max(MARGIN, Math.min(value, max - MARGIN));
  const x = clamp(wantedX, Math.max(width - origin.width, 2 * MARGIN));
  const y = clamp(wantedY, Math.max(height - origin.height, 2 * MARGIN));
  style.translate = `${Math.round(x - origin.left)}px ${Math.round(y - origin.top)}px`;
}
