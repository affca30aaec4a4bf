// UMD: it puts itself on the window
import 'axe-core';
import type { run } from 'axe-core';
import { expect } from 'chai';
import { nothing, render } from 'lit/html.js';
import { CallRatingEvent } from '../../src/panel/extras/rating-event.js';
import * as extras from '../../src/panel/extras/index.js';
import { callView } from '../../src/panel/views/call-view.js';
import { fakeController, mountView } from '../support/fake-controller.js';
import { until } from '../support/until.js';

declare const axe: { run: typeof run };

const ENDED = {
  state: 'ended',
  callId: 'call-1',
  answeredAt: Date.now() - 61_000,
  outcome: { reason: 'hung-up', durationMs: 61_000, early: false },
} as const;

/** Ratings that reach the page, as `callId score/max`. */
let ratings: string[] = [];

function ended(kind = '', snapshot: object = ENDED) {
  const { controller } = fakeController(snapshot, { extras });
  const { element } = controller.host;
  element.setAttribute('rating', kind);
  element.addEventListener('call-rating', (event) => {
    if (!(event instanceof CallRatingEvent)) throw new TypeError('no rating');
    const { callId, score, max, bubbles, composed, cancelable } = event;
    expect([bubbles, composed, cancelable]).to.deep.equal([true, true, false]);
    ratings.push(`${callId} ${score}/${max}`);
  });
  return controller;
}

/** The rating once its words are there. */
async function shown(controller = ended(), dir = 'ltr') {
  await until(() => extras.ratingView(controller) !== nothing);
  const root = mountView(callView(controller));
  const section = root.querySelector('section')!;
  section.dir = dir;
  await until(() => {
    render(callView(controller), section);
    return root.querySelector('[role=radio]') !== null;
  });
  const radios = [...root.querySelectorAll<HTMLElement>('[role=radio]')];
  const names = radios.map((radio) => radio.getAttribute('aria-label'));
  return { root, section, radios, names };
}

const press = (root: ShadowRoot, key: string): void => {
  root.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
};

describe('the rating after a call', () => {
  afterEach(() => {
    document.body.replaceChildren();
    ratings = [];
  });

  it('is five stars with names, or two thumbs', async () => {
    expect((await shown()).names).to.deep.equal([
      '1 star',
      '2 stars',
      '3 stars',
      '4 stars',
      '5 stars',
    ]);
    expect((await shown(ended('thumbs'))).names).to.deep.equal(['Good', 'Not good']);
  });

  it('is told to the page once, with the call it belongs to, and thanks once', async () => {
    const { root, radios } = await shown();
    const status = root.querySelector('call-button-rating [role=status]')!;
    expect(status.textContent).to.equal('');
    radios[3]!.click();
    radios[0]!.click();
    await until(() => status.textContent === 'Thank you for your rating.');
    expect(ratings).to.deep.equal(['call-1 4/5']);
    expect(radios.map((radio) => radio.getAttribute('aria-checked'))).to.deep.equal([
      'false',
      'false',
      'false',
      'true',
      'false',
    ]);
    expect(root.querySelector('[role=radiogroup]')!.getAttribute('aria-disabled')).to.equal('true');
  });

  it('of thumbs is 1 or 0 of 1', async () => {
    const up = await shown(ended('thumbs'));
    up.radios[0]!.click();
    const down = await shown(ended('thumbs'));
    down.radios[1]!.click();
    expect(ratings).to.deep.equal(['call-1 1/1', 'call-1 0/1']);
  });

  it('asks anew after the next call', async () => {
    const controller = ended();
    const { section, root, radios } = await shown(controller);
    radios[4]!.click();
    Object.assign(controller, { snapshot: { ...controller.snapshot, callId: 'call-2' } });
    render(callView(controller), section);
    await until(() => root.querySelector('[aria-checked=true]') === null);
    radios[1]!.click();
    expect(ratings).to.deep.equal(['call-1 5/5', 'call-2 2/5']);
  });

  for (const [dir, next] of [
    ['ltr', 'ArrowRight'],
    ['rtl', 'ArrowLeft'],
  ] as const) {
    it(`one tab stop; ${next} goes on where the text runs ${dir}, and chooses nothing`, async () => {
      const { root, radios } = await shown(ended(), dir);
      const stops = (): number[] => radios.map(({ tabIndex }) => tabIndex);
      expect(stops()).to.deep.equal([0, -1, -1, -1, -1]);
      radios[0]!.focus();
      press(root, next);
      press(root, 'ArrowDown');
      expect(root.activeElement).to.equal(radios[2]);
      await until(() => stops().join() === '-1,-1,0,-1,-1');
      press(root, 'ArrowUp');
      press(root, 'ArrowUp');
      press(root, 'ArrowUp');
      expect(root.activeElement).to.equal(radios[4]);
      expect(ratings).to.deep.equal([]);
    });
  }

  it('is not asked for unless the page says so, nor after a call that nobody answered', async () => {
    await shown();
    const silent = ended();
    silent.host.element.removeAttribute('rating');
    const unanswered = ended('stars', { ...ENDED, answeredAt: null });
    for (const controller of [silent, unanswered]) {
      const root = mountView(callView(controller));
      expect(root.querySelector('call-button-rating')).to.equal(null);
    }
  });

  for (const kind of ['stars', 'thumbs']) {
    it(`of ${kind} passes axe before and after, with targets of 44 px`, async () => {
      document.documentElement.lang = 'en';
      const { root, radios } = await shown(ended(kind));
      // half-faded in, no text has its contrast
      for (const animation of root.getAnimations()) animation.finish();
      for (const { offsetWidth, offsetHeight } of radios) {
        expect(Math.min(offsetWidth, offsetHeight)).to.be.at.least(44);
      }
      const found = async (): Promise<string[]> =>
        (
          await axe.run(document.body, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],
            rules: {
              region: { enabled: false },
              'landmark-one-main': { enabled: false },
              'page-has-heading-one': { enabled: false },
            },
          })
        ).violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html).join()}`);
      expect(await found()).to.deep.equal([]);
      radios[1]!.click();
      await until(() => radios[1]!.getAttribute('aria-checked') === 'true');
      expect(await found()).to.deep.equal([]);
    });
  }
});
