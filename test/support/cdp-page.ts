/**
 * A page driven by the debugger alone. Playwright's own calls count as gestures of the user, and it loses a page that
 * comes back from the back/forward cache.
 */
import type { Page } from 'playwright-core';
import { until } from './until.js';

export interface CdpPage {
  /** Value of an expression; no gesture. */
  evaluate<T>(expression: string): Promise<T>;
  waitFor(expression: string): Promise<void>;
  /** A real click on the middle of the element that the expression gives. */
  click(expression: string): Promise<void>;
  /** Types into what has the focus. */
  type(text: string): Promise<void>;
}

/** The element's own and its panel's shadow roots, for expressions. */
export const IN_BUTTON = `document.querySelector('call-button').shadowRoot`;
export const IN_PANEL = `${IN_BUTTON}.querySelector('call-button-panel').shadowRoot`;

export async function drive(page: Page): Promise<CdpPage> {
  const session = await page.context().newCDPSession(page);

  async function evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: false,
    });
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${result.description}`);
    return result.value as T;
  }

  const waitFor = async (expression: string): Promise<void> => {
    // an element may not be there yet
    await until(
      () =>
        evaluate<boolean>(
          `(() => { try { return Boolean(${expression}) } catch { return false } })()`,
        ),
      15_000,
    );
  };

  return {
    evaluate,
    waitFor,
    async click(expression) {
      await waitFor(expression);
      const { x, y } = await evaluate<{ x: number; y: number }>(
        `(() => { const { x, y, width, height } = ${expression}.getBoundingClientRect(); return { x: x + width / 2, y: y + height / 2 } })()`,
      );
      for (const type of ['mousePressed', 'mouseReleased'] as const) {
        await session.send('Input.dispatchMouseEvent', {
          type,
          x,
          y,
          button: 'left',
          clickCount: 1,
        });
      }
    },
    type: async (text) => {
      await session.send('Input.insertText', { text });
    },
  };
}
