// UMD: it puts itself on the window
import 'axe-core';
import type { run } from 'axe-core';
import { expect } from 'chai';
import { html, nothing, render } from 'lit/html.js';
import type { CallSnapshot } from '../../src/call/snapshot.js';
import { barView } from '../../src/panel/extras/index.js';
import { callStyles } from '../../src/styles/call.styles.js';
import { panelStyles } from '../../src/styles/panel.styles.js';
import { fakeController } from '../support/fake-controller.js';
import { until } from '../support/until.js';

declare const axe: { run: typeof run };

const TALKING = { state: 'established', answeredAt: Date.now() - 61_000 } as const;
const OVER = {
  state: 'ended',
  outcome: { reason: 'remote-hung-up', durationMs: 61_000, early: false },
} as const;

/** A launcher with its button, and the bar in a panel inside it, as on a page. */
async function shown(snapshot: Partial<CallSnapshot> = TALKING, style = '', more: object = {}) {
  const element = document.createElement('div');
  element.setAttribute('style', style);
  document.body.append(element);
  const outer = element.attachShadow({ mode: 'open' });
  const anchor = Object.assign(document.createElement('button'), { textContent: 'Call us' });
  const panel = document.createElement('div');
  outer.append(anchor, panel);
  const root = panel.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [panelStyles, callStyles];
  const host = { tel: () => 'tel:+1555', element: Object.assign(element, { strings: {} }), anchor };
  anchor.focus();
  let presses: string[] = [];
  const draw = (now: Partial<CallSnapshot>, change: object = {}): void => {
    const fake = fakeController(now, { host, ...more, ...change });
    presses = fake.presses;
    render(barView(fake.controller), root);
  };
  await until(() => barView(fakeController(snapshot, { host, ...more }).controller) !== nothing);
  draw(snapshot);
  const bar = root.querySelector<HTMLElement>('[part=bar]')!;
  // one that runs in the background never ends
  bar.style.animation = 'none';
  return {
    root,
    anchor,
    bar,
    draw,
    presses: () => presses,
    leave: () => render(html``, root),
    named: (name: string) => root.querySelector<HTMLElement>(`[aria-label="${name}"]`),
    names: () =>
      [...bar.querySelectorAll('button')].map((button) => button.title || button.innerText),
  };
}

describe('the bar of a minimised call', () => {
  before(() => {
    document.documentElement.lang = 'en';
    document.title = 'bar';
  });
  afterEach(() => document.body.replaceChildren());

  it('tells status and time, mutes, restores and hangs up by buttons with names of their own', async () => {
    const { bar, named, names, presses } = await shown();
    expect(bar.querySelector('[part=status]')!.textContent).to.equal('In call');
    expect(bar.querySelector('[role=timer]')!.textContent).to.equal('1:01');
    expect(names()).to.deep.equal(['Mute microphone', 'Restore the call window', 'Hang up']);
    for (const name of names()) named(name)!.click();
    expect(presses()).to.deep.equal(['audio-muted true', 'restore', 'hang-up']);
  });

  it('before the answer it gives up, and shows no time', async () => {
    const { bar, names } = await shown({ state: 'ringing' });
    expect(names().at(-1)).to.equal('Cancel');
    expect(bar.querySelectorAll('[role=timer]').length).to.equal(0);
  });

  it('says how the call ended in the region that said how it goes, with the duration', async () => {
    const { bar, draw, names, named, presses } = await shown();
    const region = bar.querySelector('[role=status]')!;
    draw(OVER);
    expect(bar.querySelector('[role=status]') === region).to.equal(true);
    expect(region.textContent.replace(/\s+/g, ' ').trim()).to.equal(
      'The other side ended the call. Duration 1:01',
    );
    expect(names()).to.deep.equal(['Restore the call window', 'Close', 'Call again']);
    named('Restore the call window')!.click();
    bar.querySelector<HTMLElement>('.primary')!.click();
    named('Close')!.click();
    expect(presses()).to.deep.equal(['restore', 'again', 'dismiss bar']);
    expect(bar.querySelectorAll('.phone').length).to.equal(0);
  });

  it('of a failed call offers the number', async () => {
    const { bar } = await shown(OVER, '', { failed: true });
    expect(bar.querySelector<HTMLAnchorElement>('.phone')!.href).to.equal('tel:+1555');
  });

  it('has a remark’s remedy', async () => {
    const { bar, draw, presses } = await shown();
    draw({ ...TALKING, audioMuted: true, notice: 'muted-speaking' });
    const remark = bar.querySelector('.remarks')!;
    expect(remark.getAttribute('role')).to.equal('status');
    expect(remark.textContent).to.include('You are muted.');
    remark.querySelector<HTMLElement>('.text')!.click();
    expect(presses()).to.deep.equal(['audio-muted false']);
  });

  it('keeps the focus: from the button, from the one that hangs up, back to the button', async () => {
    const { root, anchor, bar, draw, named } = await shown(TALKING, 'position:fixed;bottom:20px');
    // by name: a window in the background has no :focus, and mocha takes forever to tell elements apart
    const focused = (): string | null | undefined => root.activeElement?.getAttribute('part');
    expect(focused()).to.equal('restore');
    named('Hang up')!.focus();
    draw(OVER);
    expect(focused()).to.equal('bar');
    bar.firstElementChild!.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }),
    );
    expect((anchor.getRootNode() as ShadowRoot).activeElement === anchor).to.equal(true);
  });

  it('follows the button to the other side, where that changes with the direction of the page', async () => {
    const { anchor, bar, draw } = await shown(
      TALKING,
      'position:fixed;bottom:20px;inset-inline-end:20px',
    );
    const gap = (edge: 'left' | 'right'): number =>
      Math.abs(bar.getBoundingClientRect()[edge] - anchor.getBoundingClientRect()[edge]);
    expect(gap('right')).to.be.below(1);
    document.body.dir = 'rtl';
    draw(TALKING);
    document.body.dir = '';
    expect(bar.getBoundingClientRect().left).to.be.below(21);
  });

  it('Escape neither ends a call nor reaches the page’s own dialogs when it closes', async () => {
    const { bar, draw, presses } = await shown();
    let heard = 0;
    const listen = (): void => void (heard += 1);
    document.addEventListener('keydown', listen);
    const press = (): void => {
      bar.firstElementChild!.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }),
      );
    };
    press();
    expect([presses(), heard]).to.deep.equal([[], 1]);
    draw(OVER);
    press();
    document.removeEventListener('keydown', listen);
    expect([presses(), heard]).to.deep.equal([['dismiss bar'], 1]);
  });

  for (const [where, style] of [
    ['bottom right', 'bottom:120px;right:20px'],
    ['bottom left', 'bottom:120px;left:20px'],
    ['top right', 'top:30px;right:20px'],
  ] as const) {
    it(`takes the place of a button that floats ${where}, and gives it back`, async () => {
      const { anchor, bar, draw, leave } = await shown(TALKING, `position:fixed;${style}`);
      const button = anchor.getBoundingClientRect();
      const box = () => bar.getBoundingClientRect();
      const side = where.startsWith('top') ? 'top' : 'bottom';
      const edge = where.endsWith('right') ? 'right' : 'left';
      expect(Math.abs(box()[side] - button[side])).to.be.below(1);
      expect(Math.abs(box()[edge] - button[edge])).to.be.below(1);
      expect(getComputedStyle(anchor).visibility).to.equal('hidden');
      const before = box().height;
      draw({ ...TALKING, notice: 'camera-lost' });
      // as a ResizeObserver does, where the page is in sight
      dispatchEvent(new Event('resize'));
      expect(box().height).to.be.above(before);
      expect(Math.abs(box()[side] - button[side])).to.be.below(1);
      leave();
      expect(getComputedStyle(anchor).visibility).to.equal('visible');
    });
  }

  it('of a button in the text is in the corner where lines end, and the button stays', async () => {
    const { anchor, bar } = await shown();
    const { right, bottom, width, height } = bar.getBoundingClientRect();
    expect([right, bottom]).to.deep.equal([innerWidth - 16, innerHeight - 16]);
    expect(height).to.be.below(72);
    expect(width).to.be.below(innerWidth / 2);
    expect(getComputedStyle(anchor).visibility).to.equal('visible');
    const { bar: mirrored } = await shown(TALKING, '', {
      language: { locale: 'he', direction: 'rtl' },
    });
    expect(mirrored.getBoundingClientRect().left).to.equal(16);
  });

  for (const [what, snapshot] of [
    ['in a call', { ...TALKING, notice: 'muted-speaking' }],
    ['after it', OVER],
  ] as const) {
    it(`passes axe ${what}`, async () => {
      const { bar } = await shown(snapshot, '', { failed: true });
      const controls = [...bar.querySelectorAll<HTMLElement>('.control')];
      expect(controls.length).to.be.above(1);
      for (const { offsetWidth: width, offsetHeight: height } of controls) {
        expect(Math.min(width, height)).to.be.at.least(44);
      }
      const { violations } = await axe.run(document.body, {
        rules: {
          region: { enabled: false },
          'landmark-one-main': { enabled: false },
          'page-has-heading-one': { enabled: false },
        },
      });
      expect(violations.map(({ id }) => id)).to.deep.equal([]);
    });
  }
});
