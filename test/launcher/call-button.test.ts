import { expect } from 'chai';
import { IDLE_SNAPSHOT } from '../../src/call/snapshot.js';
import { createCallButtonClass } from '../../src/launcher/call-button.js';
import type { CallButtonElement } from '../../src/launcher/element.js';
import { watchHours } from '../../src/panel/watch-hours.js';
import type { PanelHandle, PanelHost } from '../../src/panel/host.js';
import { explain } from '../../src/panel/index.js';
import { until } from '../support/until.js';

const SOUND = {
  server: 'wss://sip.example.com',
  gate: 'https://example.com/gate',
  target: 'sales',
  captcha: 'altcha',
};

class FakePanel implements PanelHandle {
  readonly element = document.createElement('div');
  readonly snapshot = IDLE_SNAPSHOT;
  readonly calls: string[] = [];
  readonly host: PanelHost;

  constructor(host: PanelHost) {
    this.host = host;
    for (const name of [
      'close',
      'hangUp',
      'configure',
      'resume',
      'dispose',
      'toggleSelfView',
    ] as const) {
      this[name] = () => void this.calls.push(name);
    }
  }
  open = () => this.#did('open');
  call = () => this.#did('call');
  toggleFullscreen = () => this.#did('toggleFullscreen');
  copyDiagnostics = () => this.#did('copyDiagnostics').then(() => true);
  setVideoMuted = (muted: boolean) => this.#did(`setVideoMuted ${muted}`);
  sendDtmf = (digits: string) => void this.#did(`sendDtmf ${digits}`);
  setAudioMuted = (muted: boolean) => void this.#did(`setAudioMuted ${muted}`);
  declare close: () => void;
  declare hangUp: () => void;
  declare configure: () => void;
  declare resume: () => void;
  declare dispose: () => void;
  declare toggleSelfView: () => void;

  #did(name: string): Promise<void> {
    this.calls.push(name);
    return Promise.resolve();
  }
}

const panels: FakePanel[] = [];
let loads = 0;
let failing = false;
const CallButton = createCallButtonClass({
  loadPanel: () => {
    loads += 1;
    if (failing) return Promise.reject(new TypeError('chunk not found'));
    return Promise.resolve({
      createPanel(host: PanelHost) {
        const panel = new FakePanel(host);
        host.anchor.parentNode!.append(panel.element);
        panels.push(panel);
        return panel;
      },
      explain,
    });
  },
  loadHours: () => Promise.resolve({ watchHours }),
  nonce: 'n',
});
customElements.define('call-button', CallButton);

let errors: string[] = [];
const { error } = console;

function mount(
  attributes: Readonly<Record<string, string>> = SOUND,
  content = '<a href="tel:+15551234567"> Talk to  sales </a>',
): CallButtonElement {
  const element = document.createElement('call-button');
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.innerHTML = content;
  document.body.append(element);
  return element;
}

function inside<T extends Element>(element: Element, selector: string): T {
  return element.shadowRoot!.querySelector<T>(selector)!;
}

const visible = (element: Element): boolean => element.checkVisibility();

describe('<call-button> before it is used', () => {
  beforeEach(() => {
    errors = [];
    console.error = (...values: unknown[]) => errors.push(String(values[0]));
    loads = 0;
    failing = false;
    panels.length = 0;
  });
  afterEach(() => {
    console.error = error;
    document.body.replaceChildren();
  });

  it('is a button with the link’s words; the link itself is not shown', () => {
    const element = mount();
    const button = inside<HTMLButtonElement>(element, 'button');
    expect(button.textContent.trim()).to.equal('Talk to  sales');
    expect(visible(button)).to.equal(true);
    expect(visible(inside(element, 'a'))).to.equal(false);
    expect(visible(element.querySelector('a')!)).to.equal(false);
    expect(element.matches(':state(idle)')).to.equal(true);
  });

  it('takes other markup as its label, or the attribute where there is none', () => {
    const markup = mount(SOUND, '<b>Call</b> us');
    expect(inside<HTMLSlotElement>(markup, 'button span slot').assignedNodes()).to.have.length(2);
    expect(visible(markup.querySelector('b')!)).to.equal(true);
    const bare = mount({ ...SOUND, label: 'Ring' }, '');
    expect(inside(bare, 'button').textContent.trim()).to.equal('Ring');
  });

  it('follows changes of its child and its attributes', async () => {
    const element = mount();
    element.querySelector('a')!.firstChild!.nodeValue = 'Support';
    await until(() => inside(element, 'button').textContent.trim() === 'Support');
    element.querySelector('a')!.remove();
    element.setAttribute('label', 'Help');
    await until(() => inside(element, 'button').textContent.trim() === 'Help');
  });

  it('loads nothing until somebody points at it, then once', async () => {
    const element = mount();
    expect(loads).to.equal(0);
    const button = inside<HTMLButtonElement>(element, 'button');
    button.dispatchEvent(new PointerEvent('pointerenter'));
    button.dispatchEvent(new FocusEvent('focus'));
    button.click();
    await until(() => panels[0]?.calls.includes('open') === true);
    expect(loads).to.equal(1);
    expect(inside(element, 'div')).to.equal(panels[0]!.element);
  });

  it('tries again when the panel could not be loaded', async () => {
    failing = true;
    const element = mount();
    const failure: unknown = await element.open().catch((reason: unknown) => reason);
    expect(failure).to.be.instanceOf(TypeError);
    failing = false;
    await element.open();
    expect(panels[0]!.calls).to.deep.equal(['open']);
  });

  it('hands its methods to the panel, and ignores them before there is one', async () => {
    const element = mount();
    element.hangUp();
    element.sendDtmf('1');
    await element.call();
    element.close();
    element.sendDtmf('1,2');
    element.setAudioMuted(true);
    await element.setVideoMuted(false);
    await element.toggleFullscreen();
    element.toggleSelfView();
    expect(await element.copyDiagnostics()).to.equal(true);
    element.hangUp();
    expect(panels[0]!.calls).to.deep.equal([
      'call',
      'close',
      'sendDtmf 1,2',
      'setAudioMuted true',
      'setVideoMuted false',
      'toggleFullscreen',
      'toggleSelfView',
      'copyDiagnostics',
      'hangUp',
    ]);
  });

  it('mirrors attributes by properties', () => {
    const element = mount();
    element.ringTimeout = 20;
    element.callerName = 'Ada';
    element.context = { page: '/x' };
    expect(element.getAttribute('ring-timeout')).to.equal('20');
    expect(element.getAttribute('caller-name')).to.equal('Ada');
    expect(element.context).to.equal('{"page":"/x"}');
    element.callerName = null;
    expect(element.hasAttribute('caller-name')).to.equal(false);
    expect(element.server).to.equal('wss://sip.example.com');
  });

  it('takes properties that were set before the script arrived', () => {
    const early = document.createElement('call-button-late');
    Object.assign(early, { target: 'sales', iceServers: [{ urls: 'stun:s.example' }] });
    document.body.append(early);
    customElements.define(
      'call-button-late',
      class extends (CallButton as CustomElementConstructor) {},
    );
    expect(early.getAttribute('target')).to.equal('sales');
    expect((early as CallButtonElement).iceServers).to.deep.equal([{ urls: 'stun:s.example' }]);
  });

  it('shows named-slot children only from now on, without their hidden attribute', () => {
    const element = mount(SOUND, '<p slot="ended" hidden>How was it?</p>');
    expect(element.querySelector('p')!.hidden).to.equal(false);
    expect(visible(element.querySelector('p')!)).to.equal(false);
  });

  it('shows states and words of its panel, and lets it see number and nonce', async () => {
    const element = mount();
    await element.open();
    const { host } = panels[0]!;
    host.reflect(['established', 'live', 'muted'], 'Back to the call');
    expect(element.matches(':state(established):state(muted)')).to.equal(true);
    expect(element.matches(':state(idle)')).to.equal(false);
    expect(inside(element, 'button').textContent.trim()).to.equal('Back to the call');
    host.reflect(['ended'], null);
    expect(inside(element, 'button').textContent.trim()).to.equal('Talk to  sales');
    expect(host.tel()).to.equal('tel:+15551234567');
    expect(host.nonce).to.equal('n');
    element.tel = '+49 (30) 123-4';
    expect(host.tel()).to.equal('tel:+49301234');
  });

  it('keeps the panel through a move, and disposes of it when it stays out', async () => {
    const element = mount();
    await element.open();
    const [panel] = panels;
    const other = document.createElement('div');
    document.body.append(other);
    other.append(element);
    expect(panel!.calls.at(-1)).to.equal('resume');
    await new Promise((resolve) => setTimeout(resolve));
    expect(panel!.calls).not.to.include('dispose');
    element.remove();
    await until(() => panel!.calls.includes('dispose'));
    expect(panel!.element.isConnected).to.equal(false);
    document.body.append(element);
    await element.open();
    expect(panels).to.have.length(2);
  });
});

describe('<call-button> with bad attributes', () => {
  beforeEach(() => {
    errors = [];
    console.error = (...values: unknown[]) => errors.push(String(values[0]));
    failing = false;
    panels.length = 0;
  });
  afterEach(() => {
    console.error = error;
    document.body.replaceChildren();
  });

  const cases: readonly (readonly [string, Record<string, string>, string])[] = [
    ['no server', { server: '' }, 'server=""'],
    ['a server that is no WebSocket', { server: 'https://sip.example.com' }, 'server="https:'],
    ['an unknown CAPTCHA', { captcha: 'recaptcha' }, 'captcha="recaptcha"'],
    ['no target', { target: '' }, 'target=""'],
    ['hCaptcha without a sitekey', { captcha: 'hcaptcha' }, 'sitekey is missing'],
    ['unreadable hours', { hours: 'Mo-Xx 9-5', 'time-zone': 'Europe/Berlin' }, 'hours'],
    ['hours without a zone', { hours: 'Mo-Fr 09:00-17:00' }, 'time-zone'],
  ];
  for (const [what, change, words] of cases) {
    it(`${what}: explained once in the console, unavailable, and the number for the visitor`, async () => {
      const element = mount({ ...SOUND, ...change });
      await until(() => errors.length > 0);
      expect(errors[0]).to.match(/^<call-button> cannot call: /);
      expect(errors[0]).to.include(words);
      await until(() => element.matches(':state(unavailable)'));
      expect(element.state.state).to.equal('unavailable');
      const link = inside<HTMLAnchorElement>(element, 'a');
      expect(visible(link)).to.equal(true);
      expect(link.href).to.equal('tel:+15551234567');
      expect(link.textContent).to.equal('Talk to  sales');
      expect(visible(inside(element, 'button'))).to.equal(false);
      element.label = 'again';
      expect(errors).to.have.length(1);
      const failure: unknown = await element.open().catch((reason: unknown) => reason);
      expect(failure).to.be.an('error');
      expect(panels).to.have.length(0);
    });
  }

  it('says nothing of what is put right in the same task, as frameworks do, and loads nothing', async () => {
    const before = loads;
    const element = mount({}, '<a href="tel:+15551234567">Call</a>');
    for (const [name, value] of Object.entries(SOUND)) element.setAttribute(name, value);
    await new Promise((resolve) => setTimeout(resolve));
    await new Promise((resolve) => setTimeout(resolve));
    expect(errors).to.deep.equal([]);
    expect(loads).to.equal(before);
    expect(element.matches(':state(idle)')).to.equal(true);
  });

  it('works as soon as the attribute is right', async () => {
    const element = mount({ ...SOUND, target: '' });
    element.target = 'sales';
    expect(element.matches(':state(idle)')).to.equal(true);
    expect(visible(inside(element, 'button'))).to.equal(true);
    await element.open();
    expect(panels).to.have.length(1);
  });

  it('says that there is something wrong when even the words cannot be loaded', async () => {
    failing = true;
    mount({ ...SOUND, server: '', target: '' });
    await until(() => errors.length > 0);
    expect(errors[0]).to.include('chunk not found');
  });

  it('keeps a call in progress whatever becomes of the attributes', async () => {
    const element = mount();
    await element.open();
    panels[0]!.host.reflect(['established', 'live'], null);
    element.server = 'nonsense';
    expect(element.matches(':state(established)')).to.equal(true);
    expect(visible(inside(element, 'button'))).to.equal(true);
    panels[0]!.host.reflect(['ended'], null);
    expect(element.matches(':state(unavailable)')).to.equal(true);
  });

  it('accepts a number without a gate where captcha is none', () => {
    const element = mount({
      server: 'wss://a.example wss://b.example',
      target: 'tel:+1555',
      captcha: 'none',
    });
    expect(element.matches(':state(idle)')).to.equal(true);
  });
});

describe('<call-button> outside opening hours', () => {
  afterEach(() => document.body.replaceChildren());

  const now = new Date();
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'UTC' }).format(now);

  it('shows the away slot and the number, and says closed', async () => {
    const element = mount(
      { ...SOUND, 'closed-on': today, 'time-zone': 'UTC' },
      '<a href="tel:+15551234567">Call</a><p slot="away" hidden>Back tomorrow</p>',
    );
    expect(visible(inside(element, 'button'))).to.equal(false);
    await until(() => element.matches(':state(closed)'));
    expect(visible(element.querySelector('p')!)).to.equal(true);
    expect(visible(inside(element, 'a'))).to.equal(true);
    element.closedOn = '2001-01-01';
    await until(() => visible(inside(element, 'button')));
    expect(element.matches(':state(closed)')).to.equal(false);
    expect(visible(element.querySelector('p')!)).to.equal(false);
  });
});
