/** Calls one after the other, as a visitor makes them. */
import { type Counts, most } from './counts.js';

declare global {
  /** The most that was open after any of them. */
  var callMany: (calls: number) => Promise<Counts>;
}

/** One call, from the open form to the end, and what is open when all has drained. */
async function callOnce(): Promise<Counts> {
  const element = document.querySelector('call-button')!;
  const root = element.shadowRoot!.lastElementChild!.shadowRoot!;
  const state = async (...wanted: readonly string[]): Promise<void> => {
    while (!wanted.includes(element.state.state)) {
      if (element.state.state === 'ended') throw new Error(JSON.stringify(element.state));
      await new Promise((resolve) => {
        element.addEventListener('call-state-change', resolve, { once: true });
      });
    }
  };
  // from how the last call ended back to the form
  root.querySelector<HTMLButtonElement>('.ended .primary')?.click();
  const form = async (): Promise<HTMLButtonElement> => {
    for (;;) {
      const button = root.querySelector<HTMLButtonElement>('[part=call-action]');
      if (button !== null && element.state.state === 'idle') return button;
      await new Promise(requestAnimationFrame);
    }
  };
  (await form()).click();
  await state('established');
  await new Promise((resolve) => {
    // the first report of the quality: media are there
    element.addEventListener('call-quality-change', resolve, { once: true });
  });
  element.hangUp();
  await state('ended');
  const limit = performance.now() + 3000;
  const open = (): boolean => Object.values(counts()).some((count) => count > 0);
  while (open() && performance.now() < limit) await new Promise(requestAnimationFrame);
  return counts();
}

globalThis.callMany = async (calls) => {
  let left = await callOnce();
  for (let made = 1; made < calls; made += 1) left = most(left, await callOnce());
  return left;
};
