// UMD: it puts itself on the window
import 'axe-core';
import type { run } from 'axe-core';
import { expect } from 'chai';
import { render } from 'lit/html.js';
import type { DeviceKind } from '../../src/call/ports.js';
import { en } from '../../src/i18n/en.js';
import { en as extra } from '../../src/i18n/extra/en.js';
import { listDevices, openDevices, permissionGranted } from '../../src/media/devices.js';
import * as extras from '../../src/panel/extras/index.js';
import { formView } from '../../src/panel/views/form-view.js';
import { type DeviceDesk, prompt, watchDevices } from '../support/devices.js';
import { fakeController, mountView } from '../support/fake-controller.js';
import { takeTurnsWithStorage } from '../support/storage-turns.js';
import { until } from '../support/until.js';

declare const axe: { run: typeof run };

const KEY = 'call-button.devices';

describe('the check before a call', () => {
  takeTurnsWithStorage();
  let desk: DeviceDesk;
  let devices: Map<DeviceKind, string>;
  beforeEach(() => {
    desk = watchDevices();
    devices = new Map();
  });
  afterEach(() => {
    document.body.replaceChildren();
    desk.restore();
    localStorage.clear();
  });

  /** A form with its check, closed. */
  async function form(media: 'audio' | 'video' = 'audio') {
    const { controller, presses } = fakeController(
      {},
      {
        config: { media, captcha: 'none' },
        extras,
        devices,
        access: { open: openDevices, list: listDevices, permissionGranted },
      },
    );
    const { element } = controller.host;
    element.setAttribute('check', '');
    const root = mountView(formView(controller));
    const section = root.querySelector('section')!;
    await until(() => {
      render(formView(controller), section);
      return root.querySelector('call-button-check button') !== null;
    });
    const find = <T extends HTMLElement>(selector: string): T =>
      root.querySelector<T>(`call-button-check ${selector}`)!;
    const button = (name: string): HTMLElement | undefined =>
      [...root.querySelectorAll<HTMLElement>('call-button-check button')].find(
        ({ textContent }) => textContent.trim() === name,
      );
    const there = (selector: string) => until(() => find(selector));
    const go = (state: 'idle' | 'requesting-media'): void => {
      Object.assign(controller, { snapshot: { ...controller.snapshot, state } });
      element.dispatchEvent(new Event('call-state-change'));
    };
    return { root, section, controller, presses, find, button, there, go };
  }

  it('asks for nothing before it is opened, and then shows how loud the microphone is', async () => {
    const { button, find, there } = await form();
    const disclosure = button(extra['check.audio'])!;
    expect([disclosure.getAttribute('aria-expanded'), desk.requests]).to.deep.equal(['false', []]);
    disclosure.click();
    const meter = await there('[role=meter]');
    expect(disclosure.getAttribute('aria-expanded')).to.equal('true');
    expect(meter.getAttribute('aria-label')).to.equal(extra['check.level']);
    await until(() => Number(meter.getAttribute('aria-valuenow')) > 40);
    await until(() => find('[role=status]').textContent.trim() === extra['check.heard']);
    expect(find('video')).to.equal(null);
  });

  it('asks whether the sound was heard, with the focus where it is of use', async () => {
    const { button, root, there, find } = await form();
    button(extra['check.audio'])!.click();
    await there('.play');
    for (const [answer, words] of [
      ['check.no', 'check.quiet'],
      ['check.yes', 'check.loud'],
    ] as const) {
      button(extra['check.play'])!.click();
      await until(() => button(extra[answer]));
      const result = find('.sound [role=status]');
      expect(result.textContent.trim()).to.equal(extra['check.question']);
      expect(root.activeElement!.textContent.trim()).to.equal(extra['check.yes']);
      button(extra[answer])!.click();
      expect(result.textContent.trim()).to.equal(extra[words]);
      expect(root.activeElement).to.equal(button(extra['check.play']));
    }
  });

  it('has the camera’s picture and all kinds of devices in a video call', async () => {
    const { button, find, there, root } = await form('video');
    button(extra['check.video'])!.click();
    await there('#check-audiooutput');
    expect(find<HTMLVideoElement>('video').srcObject).to.be.instanceOf(MediaStream);
    const labels = [...root.querySelectorAll('#device-check label[for]')];
    expect(labels.map(({ textContent }) => textContent)).to.deep.equal([
      en['devices.videoinput'],
      en['devices.audioinput'],
      en['devices.audiooutput'],
    ]);
  });

  it('remembers a choice only while the visitor wants it', async () => {
    const { button, find, there } = await form();
    button(extra['check.audio'])!.click();
    const list = (await there('#check-audioinput')) as HTMLSelectElement;
    const choose = async (index: number): Promise<string> => {
      const { value } = list.options[index]!;
      list.value = value;
      list.dispatchEvent(new Event('change'));
      await until(() => devices.get('audioinput') === value);
      return value;
    };
    const first = await choose(1);
    expect(localStorage.length).to.equal(0);
    const box = find<HTMLInputElement>('[type=checkbox]');
    expect(box.checked).to.equal(false);
    box.click();
    expect(JSON.parse(localStorage.getItem(KEY)!)).to.deep.equal({ audioinput: first });
    const second = await choose(2);
    await until(() => localStorage.getItem(KEY) === JSON.stringify({ audioinput: second }));
    box.click();
    expect(localStorage.length).to.equal(0);
  });

  it('knows what was remembered when the form opens', async () => {
    localStorage.setItem(KEY, '{"audioinput":"one","door":"two"}');
    const { button, there } = await form();
    expect([...devices]).to.deep.equal([['audioinput', 'one']]);
    button(extra['check.audio'])!.click();
    expect(((await there('[type=checkbox]')) as HTMLInputElement).checked).to.equal(true);
    expect(JSON.stringify(desk.requests[0]!.audio)).to.include('"deviceId":{"exact":"one"}');
  });

  it('is closed, with all it opened, when a call starts: before that opens devices of its own', async () => {
    const { button, there, go, find } = await form();
    button(extra['check.audio'])!.click();
    await there('[role=meter]');
    go('requesting-media');
    expect(desk.live()).to.deep.equal([]);
    expect(find('[role=meter]')).to.equal(null);
    expect(button(extra['check.audio'])!.hasAttribute('disabled')).to.equal(true);
  });

  it('is closed when the form is left, in the middle of a prompt too', async () => {
    const first = await form();
    first.button(extra['check.audio'])!.click();
    await first.there('[role=meter]');
    first.section.remove();
    expect(desk.live()).to.deep.equal([]);
    const second = await form();
    const question = prompt(desk);
    second.button(extra['check.audio'])!.click();
    expect(second.find('#device-check').textContent.trim()).to.equal(en['status.requesting-media']);
    await until(question.asked);
    second.section.remove();
    question.allow();
    await until(() => desk.tracks.length === 2 && desk.live().length === 0);
  });

  it('is closed by Escape, which the form does not see', async () => {
    const { button, there, find, section, root } = await form();
    let seen = 0;
    section.addEventListener('keydown', () => (seen += 1));
    button(extra['check.audio'])!.click();
    const meter = await there('[role=meter]');
    const press = (from: Element): boolean =>
      from.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }),
      );
    press(meter);
    expect([seen, find('[role=meter]')]).to.deep.equal([0, null]);
    expect(root.activeElement).to.equal(button(extra['check.audio']));
    press(root.activeElement!);
    expect(seen).to.equal(1);
  });

  it('says why there is no microphone, and tries again', async () => {
    const { button, there, find } = await form();
    desk.answer(() => Promise.reject(new DOMException('', 'NotFoundError')));
    const disclosure = button(extra['check.audio'])!;
    disclosure.click();
    const alert = await there('[role=alert]');
    expect(alert.textContent.trim()).to.equal(en['end.microphone-missing']);
    desk.answer((constraints, real) => real(constraints));
    disclosure.click();
    expect(find('[role=alert]')).to.equal(null);
    disclosure.click();
    await there('[role=meter]');
  });

  it('passes axe', async () => {
    document.documentElement.lang = 'en';
    const { button, there, root } = await form('video');
    button(extra['check.video'])!.click();
    await there('#check-audioinput');
    for (const animation of root.getAnimations()) animation.finish();
    const { violations } = await axe.run(document.body, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],
      rules: {
        region: { enabled: false },
        'landmark-one-main': { enabled: false },
        'page-has-heading-one': { enabled: false },
      },
    });
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]!.html}`)).to.deep.equal([]);
  });
});
