// UMD: it puts itself on the window
import 'axe-core';
import type { run } from 'axe-core';
import { expect } from 'chai';
import { render } from 'lit/html.js';
import type { CallSnapshot } from '../../src/call/snapshot.js';
import * as extras from '../../src/panel/extras/index.js';
import { callView } from '../../src/panel/views/call-view.js';
import { fakeController, mountView } from '../support/fake-controller.js';
import { until } from '../support/until.js';

declare const axe: { run: typeof run };

const TALKING = { state: 'established', localVideo: true, remoteVideo: true } as const;
const NAME = 'Move my picture to another corner';

/** A call with both pictures, in a panel as on a page. */
async function shown(dir: 'ltr' | 'rtl' = 'ltr', more: object = {}) {
  const fake = fakeController(TALKING, { extras, ...more });
  const { controller } = fake;
  const root = mountView(callView(controller));
  const section = root.querySelector('section')!;
  section.dir = dir;
  // as the panel is beside a far end's picture
  section.classList.add('wide');
  const draw = (change: Partial<CallSnapshot> = {}, other: object = {}): void => {
    Object.assign(controller, { snapshot: { ...controller.snapshot, ...change } }, other);
    render(callView(controller), section);
  };
  const move = (): HTMLElement | null => root.querySelector<HTMLElement>('[part=self-view-move]');
  await until(() => {
    draw();
    return move() !== null;
  });
  section.style.animation = 'none';
  const own = root.querySelector<HTMLElement>('[part=self-view]')!;
  const stage = root.querySelector<HTMLElement>('[part=stage]')!;
  return {
    controller,
    root,
    section,
    own,
    draw,
    move,
    /** Where it is, as it is seen. */
    corner(): string {
      for (const animation of own.getAnimations()) animation.finish();
      const [at, all] = [own.getBoundingClientRect(), stage.getBoundingClientRect()];
      const near = (edge: 'left' | 'right' | 'top' | 'bottom'): boolean =>
        Math.abs(at[edge] - all[edge]) <= 13;
      return (['top', 'bottom', 'left', 'right'] as const).filter(near).join(' ');
    },
    press(key: string): boolean {
      const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
      move()!.dispatchEvent(event);
      return event.defaultPrevented;
    },
  };
}

describe('the own picture', () => {
  before(() => {
    document.documentElement.lang = 'en';
    document.title = 'self-view';
  });
  afterEach(() => document.body.replaceChildren());

  it('goes once around the stage by presses of a button with a name', async () => {
    const { move, corner } = await shown();
    expect(move()!.getAttribute('aria-label')).to.equal(NAME);
    const seen = [corner()];
    for (let presses = 0; presses < 4; presses += 1) {
      move()!.click();
      seen.push(corner());
    }
    expect(seen).to.deep.equal([
      'top right',
      'bottom right',
      'bottom left',
      'top left',
      'top right',
    ]);
  });

  it('begins at the end of lines, where those run from right to left as well', async () => {
    const { move, corner } = await shown('rtl');
    expect(corner()).to.equal('top left');
    move()!.click();
    move()!.click();
    expect(corner()).to.equal('bottom right');
  });

  for (const dir of ['ltr', 'rtl'] as const) {
    it(`follows the arrows on the keyboard, ${dir}, and leaves other keys to the panel`, async () => {
      const { press, corner } = await shown(dir);
      const seen = ['ArrowLeft', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowUp'].map((key) => {
        expect(press(key), key).to.equal(true);
        return corner();
      });
      expect(seen).to.deep.equal([
        'top left',
        'bottom left',
        'bottom right',
        'bottom right',
        'top right',
      ]);
      expect(['5', 'Escape', 'Tab'].map(press)).to.deep.equal([false, false, false]);
    });
  }

  it('is where it was after the panel was a bar, or the picture hidden', async () => {
    const { move, corner, draw, controller, section } = await shown();
    move()!.click();
    draw({}, { selfView: false });
    expect(move()).to.equal(null);
    expect(section.querySelector('.stage')!.hasAttribute('data-corner')).to.equal(false);
    draw({}, { selfView: true });
    expect(corner()).to.equal('bottom right');
    render(null, section);
    render(callView(controller), section);
    await until(() => move() !== null);
    expect(section.querySelector('.stage')!.getAttribute('data-corner')).to.equal('end-end');
  });

  it('leaves status and time their room in the corners below', async () => {
    const { press, own, root, section } = await shown();
    section.style.width = '320px';
    const info = root.querySelector<HTMLElement>('.info')!;
    root.querySelector('.status')!.textContent = 'Die Verbindung wird wiederhergestellt…';
    for (const key of ['ArrowDown', 'ArrowLeft', 'ArrowUp', 'ArrowRight']) {
      press(key);
      for (const animation of own.getAnimations()) animation.finish();
      // as a ResizeObserver does, where the page is in sight
      root
        .querySelector<HTMLElement>('.stage')!
        .style.setProperty('--_own-width', `${own.offsetWidth}px`);
      const [picture, words] = [own.getBoundingClientRect(), info.getBoundingClientRect()];
      const apart =
        picture.right <= words.left ||
        picture.left >= words.right ||
        picture.bottom <= words.top ||
        picture.top >= words.bottom;
      expect(apart, key).to.equal(true);
    }
  });

  it('is over no control when it fills the screen, and makes room for the keypad and for remarks', async () => {
    const { press, own, root, section, draw } = await shown();
    section.classList.add('filled');
    press('ArrowDown');
    const bottom = (): number => {
      for (const animation of own.getAnimations()) animation.finish();
      return own.getBoundingClientRect().bottom;
    };
    const top = (selector: string): number =>
      root.querySelector(selector)!.getBoundingClientRect().top;
    expect(bottom()).to.be.below(top('.controls'));
    expect(bottom()).to.be.above(innerHeight / 2);
    draw({}, { keypadOpen: true });
    expect(bottom()).to.be.below(innerHeight / 2);
    draw({ notice: 'camera-lost' }, { keypadOpen: false });
    expect(bottom()).to.be.below(innerHeight / 2);
  });

  it('alone, without one of the far end, has nothing to be moved over', async () => {
    const { draw, move } = await shown();
    draw({ remoteVideo: false });
    expect(move()).to.equal(null);
    draw({ remoteVideo: true, localVideo: false });
    expect(move()).to.equal(null);
  });

  it('does not slide where less motion is wanted', async () => {
    const { matchMedia } = globalThis;
    const { own, press } = await shown();
    press('ArrowDown');
    expect(own.getAnimations().length).to.equal(1);
    Object.assign(globalThis, { matchMedia: () => ({ matches: true }) });
    press('ArrowUp');
    Object.assign(globalThis, { matchMedia });
    expect(own.getAnimations().length).to.equal(0);
  });

  it('with its button passes axe', async () => {
    await shown();
    const { violations } = await axe.run(document.body, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      rules: {
        region: { enabled: false },
        'landmark-one-main': { enabled: false },
        'page-has-heading-one': { enabled: false },
      },
    });
    expect(violations.map(({ id }) => id)).to.deep.equal([]);
  });
});
