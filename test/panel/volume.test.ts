// UMD: it puts itself on the window
import 'axe-core';
import type { run } from 'axe-core';
import { expect } from 'chai';
import { render } from 'lit/html.js';
import * as extras from '../../src/panel/extras/index.js';
import { recall, remember } from '../../src/panel/extras/remembered.js';
import { callView } from '../../src/panel/views/call-view.js';
import { devicesView } from '../../src/panel/views/devices-view.js';
import { fakeController, mountView } from '../support/fake-controller.js';
import { until } from '../support/until.js';

declare const axe: { run: typeof run };

const devices = [
  { kind: 'audioinput', id: '1', label: 'Desk', selected: true },
  { kind: 'audiooutput', id: '2', label: 'Speaker 2', selected: true },
] as const;

/** The choice of devices in a call, with the slider. */
async function shown(volume = 0.5, more: object = {}) {
  const { controller, presses } = fakeController(
    { state: 'established', devices, volume },
    { devicesView, extras, ...more },
  );
  const root = mountView(callView(controller));
  const section = root.querySelector('section')!;
  section.style.animation = 'none';
  const slider = (): HTMLInputElement => root.querySelector<HTMLInputElement>('[part=volume]')!;
  const draw = (): void => {
    render(callView(controller), section);
  };
  await until(() => {
    draw();
    return slider();
  });
  return {
    controller,
    root,
    presses,
    slider,
    /** Moved, and let go. */
    set(percent: number) {
      slider().value = String(percent);
      slider().dispatchEvent(new Event('input'));
      // what the call says then
      Object.assign(controller, {
        snapshot: { ...controller.snapshot, volume: percent / 100 },
      });
      draw();
      slider().dispatchEvent(new Event('change'));
    },
  };
}

describe('the volume of the far end', () => {
  before(() => {
    document.documentElement.lang = 'en';
    document.title = 'volume';
  });
  afterEach(() => {
    document.body.replaceChildren();
    localStorage.clear();
  });

  it('is a slider below the choice of the speaker, with a name and a value in words', async () => {
    const { slider, root } = await shown();
    expect(slider().labels![0]!.textContent).to.equal('Volume');
    expect([slider().value, slider().getAttribute('aria-valuetext')]).to.deep.equal(['50', '50%']);
    const order = [...root.querySelectorAll('.devices :is(select,input)')].map(({ id }) => id);
    expect(order).to.deep.equal(['audioinput', 'audiooutput', 'volume']);
    const { violations } = await axe.run(document.body, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    });
    const found = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`,
    );
    expect(found).to.deep.equal([]);
  });

  it('says its value in the digits of the language', async () => {
    const { slider } = await shown(0.75, { language: { locale: 'ar-EG' } });
    expect(slider().getAttribute('aria-valuetext')).to.match(/^٧٥/);
  });

  it('is set while it is moved, and kept nowhere', async () => {
    const { set, slider, presses, controller } = await shown();
    set(20);
    expect(presses).to.deep.equal(['set-volume 0.2']);
    expect(slider().getAttribute('aria-valuetext')).to.equal('20%');
    expect([localStorage.length, controller.volume]).to.deep.equal([0, null]);
  });

  it('is kept with the devices where the visitor has those remembered', async () => {
    const stored = new Map([['audiooutput', '2']] as const);
    remember({ devices: stored, volume: null });
    const { set, controller } = await shown();
    set(20);
    expect(recall()).to.deep.equal({ devices: stored, volume: 0.2 });
    expect(controller.volume).to.equal(0.2);
  });

  it('is not there where the browser takes none', async () => {
    const { controller, root, slider } = await shown();
    Object.assign(controller, { snapshot: { ...controller.snapshot, volume: null } });
    render(callView(controller), root.querySelector('section')!);
    expect(slider()).to.equal(null);
  });
});
