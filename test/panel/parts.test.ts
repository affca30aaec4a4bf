import { expect } from 'chai';
import { createActiveCall } from '../../src/panel/active-call.js';
import { readConfig } from '../../src/panel/config.js';
import { reportInvalid, withFields } from '../../src/panel/form-fields.js';
import { placePanel } from '../../src/panel/position.js';
import { panelStyles } from '../../src/styles/panel.styles.js';
import type { ConfigSource } from '../../src/panel/host.js';

function host(html: string): HTMLElement {
  const element = document.createElement('div');
  element.innerHTML = html;
  document.body.append(element);
  return element;
}

describe('controls of the page in the form’s slots', () => {
  afterEach(() => document.body.replaceChildren());

  it('join the context by name, as a form would send them', () => {
    const element = host(`
      <label slot="form-start"><input name="ticket" value="A-7"></label>
      <select slot="form-end" name="topic"><option>Repair</option></select>
      <p slot="form-end"><input type="checkbox" name="yes" checked><input type="checkbox" name="no">
        <input type="radio" name="day" value="mo"><input type="radio" name="day" value="tu" checked>
        <input name="off" value="x" disabled><input type="password" name="pin" value="1234"><input value="nameless"></p>
      <input name="elsewhere" value="not ours">`);
    expect(JSON.parse(withFields(element, '{"page":"/x"}')!)).to.deep.equal({
      page: '/x',
      ticket: 'A-7',
      topic: 'Repair',
      yes: 'on',
      day: 'tu',
    });
  });

  it('never push the administrator’s own context over 512 bytes', () => {
    const element = host(
      `<textarea slot="form-end" name="long">${'ä'.repeat(300)}</textarea><input slot="form-end" name="short" value="s">`,
    );
    expect(withFields(element, '{"page":"/x"}')).to.equal('{"page":"/x","short":"s"}');
    expect(withFields(host(''), null)).to.equal(null);
  });

  it('that are required and empty are pointed at', () => {
    expect(reportInvalid(host('<input slot="form-end" required>'))).to.equal(true);
    expect(reportInvalid(host('<input slot="form-end" required value="x">'))).to.equal(false);
    expect(reportInvalid(host('<input required>'))).to.equal(false);
  });
});

describe('one call at a time', () => {
  it('belongs to whoever was first, and is free again when that one is done', () => {
    const changes: string[] = [];
    const make = (name: string) =>
      createActiveCall({
        onChange: () => changes.push(name),
        onOtherOpened: () => changes.push(`${name} closes`),
      });
    const [a, b] = [make('a'), make('b')];
    expect(a.acquire()).to.equal(true);
    expect(a.acquire()).to.equal(true);
    expect(b.acquire()).to.equal(false);
    expect([a.elsewhere, b.elsewhere]).to.deep.equal([false, true]);
    b.release();
    expect(b.elsewhere).to.equal(true);
    a.dispose();
    expect(b.acquire()).to.equal(true);
    b.opened();
    b.dispose();
    expect(changes).to.deep.equal(['a', 'b', 'a', 'b', 'b', 'b']);
  });

  it('is shared with another copy of the script on the page', () => {
    const key = Symbol.for('call-button.active-call');
    const shared = (globalThis as unknown as Record<symbol, { owner: object | null }>)[key]!;
    const mine = createActiveCall({ onChange() {}, onOtherOpened() {} });
    shared.owner = {};
    expect(mine.elsewhere).to.equal(true);
    shared.owner = null;
    mine.dispose();
  });
});

describe('the panel’s place', () => {
  afterEach(() => document.body.replaceChildren());

  function place(anchor: DOMRect, style = '', around = ''): DOMRect {
    const outer = host(
      `<div style="${around}"><div id="p" style="position:fixed;left:0;top:0;width:300px;height:200px;${style}"></div></div>`,
    );
    const panel = outer.querySelector<HTMLElement>('#p')!;
    placePanel(panel, anchor);
    return panel.getBoundingClientRect();
  }

  it('is below the button, or above where there is no room', () => {
    const below = place(new DOMRect(100, 50, 120, 48));
    expect([below.left, below.top]).to.deep.equal([100, 106]);
    const above = place(new DOMRect(100, innerHeight - 60, 120, 48));
    expect(above.bottom).to.equal(innerHeight - 68);
  });

  it('is never outside the window', () => {
    const right = place(new DOMRect(innerWidth - 130, 50, 120, 48));
    expect(right.right).to.equal(innerWidth - 16);
    const gone = place(new DOMRect(-500, -900, 120, 48));
    expect([gone.left, gone.top]).to.deep.equal([16, 16]);
  });

  it('is the same inside a transformed ancestor, which shifts fixed boxes', () => {
    const box = place(
      new DOMRect(100, 50, 120, 48),
      '',
      'transform:translate(40px,70px);width:10px',
    );
    expect([box.left, box.top]).to.deep.equal([100, 106]);
  });

  it('is that of the panel at rest, while it is still rising', () => {
    const root = host('').attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [panelStyles];
    root.innerHTML = '<section class="panel">Form</section>';
    const panel = root.querySelector('section')!;
    const [rise] = panel.getAnimations();
    rise!.pause();
    rise!.currentTime = 0;
    const anchor = new DOMRect(100, innerHeight - 60, 120, 48);
    placePanel(panel, anchor);
    expect(panel.getAnimations()).to.deep.equal([rise]);
    rise!.finish();
    const { left, bottom } = panel.getBoundingClientRect();
    expect(left).to.be.closeTo(100, 0.5);
    expect(bottom).to.be.closeTo(anchor.top - 8, 0.5);
  });

  it('begins at the button’s right edge where the text runs from right to left', () => {
    const box = place(new DOMRect(400, 50, 120, 48), 'direction:rtl');
    expect(box.right).to.equal(520);
  });
});

describe('attributes', () => {
  const source = (
    attributes: Readonly<Record<string, string>>,
    captchaHost: string | null = null,
  ) => {
    const element = document.createElement('div');
    for (const [name, value] of Object.entries({
      server: 'wss://sip.example.com:8443/ws',
      target: 'sales',
      gate: '/gate',
      sitekey: 'key',
      ...attributes,
    })) {
      element.setAttribute(name, value);
    }
    return Object.assign(element, {
      iceServers: [],
      strings: {},
      captchaHost,
    }) as unknown as ConfigSource;
  };

  it('have the documented defaults', () => {
    const { config, issues, warnings } = readConfig(source({}));
    expect([issues, warnings]).to.deep.equal([[], []]);
    expect(config).to.deep.equal({
      servers: ['wss://sip.example.com:8443/ws'],
      target: 'sales',
      domain: 'sip.example.com',
      gate: `${location.origin}/gate`,
      captcha: 'hcaptcha',
      sitekey: 'key',
      captchaHost: null,
      media: 'audio',
      callerName: '',
      ringTimeoutMs: 60_000,
      context: null,
      relayOnly: false,
      iceWait: 'first-usable',
      iceServers: [],
    });
  });

  for (const [what, change, name] of [
    ['no server', { server: ' ' }, 'server'],
    ['a malformed server', { server: 'wss//sip' }, 'server'],
    ['one bad server of two', { server: 'wss://a.example http://b.example' }, 'server'],
    ['a server without a host', { server: 'wss://' }, 'server'],
    ['a server with a password', { server: 'wss://u:p@a.example' }, 'server'],
    ['no target', { target: '' }, 'target'],
    ['a number as target of a gate', { target: 'tel:+1900' }, 'target'],
    ['an alias with capitals', { target: 'Sales' }, 'target'],
    ['an alias and a line more', { target: 'sales\nnone' }, 'target'],
    ['an address in angle brackets', { target: 'sip:<a>', gate: '', captcha: 'none' }, 'target'],
    ['a gate of another scheme', { gate: 'ftp://gate' }, 'gate'],
    ['a gate that is script', { gate: 'javascript:alert(1)' }, 'gate'],
    ['a gate with a password', { gate: 'https://u:p@g.example' }, 'gate'],
    ['an unknown CAPTCHA', { captcha: 'recaptcha' }, 'captcha'],
    ['a CAPTCHA without a gate', { gate: '' }, 'captcha'],
    ['hCaptcha without a sitekey', { sitekey: '' }, 'sitekey'],
    ['Turnstile without a sitekey', { captcha: 'turnstile', sitekey: '' }, 'sitekey'],
  ] as const) {
    it(`no call with ${what}`, () => {
      expect(readConfig(source(change)).issues).to.deep.equal([name]);
    });
  }

  for (const gate of ['/gate', '']) {
    it(`an unknown CAPTCHA is told once, as an error, with the gate "${gate}"`, () => {
      const { issues, warnings } = readConfig(source({ captcha: 'recaptcha', gate }));
      expect([issues, warnings]).to.deep.equal([['captcha'], []]);
    });
  }

  for (const [what, change] of [
    ['several servers', { server: ' wss://a.example\n wss://[::1]:8/x ' }],
    ['a gate elsewhere', { gate: 'https://g.example/x' }],
    ['ALTCHA without a sitekey', { captcha: 'altcha', sitekey: '' }],
    ['a gate without a CAPTCHA', { captcha: 'none', sitekey: '' }],
    ['an address without a gate', { target: 'sip:a@b', gate: '', captcha: 'none' }],
    ['a number without a gate', { target: 'tel:+1', gate: '', captcha: 'none' }],
  ] as const) {
    it(`a call with ${what}`, () => {
      expect(readConfig(source(change)).issues).to.deep.equal([]);
    });
  }

  it('without TLS are for pages without', () => {
    expect(location.protocol).to.equal('http:');
    const plain = source({ server: 'ws://a.example', gate: 'http://g.example' });
    expect(readConfig(plain).issues).to.deep.equal([]);
  });

  for (const [name, value] of [
    ['media', 'hologram'],
    ['placement', 'middle'],
    ['ice-wait', 'ages'],
    ['ring-timeout', '0'],
    ['ring-timeout', 'soon'],
  ] as const) {
    it(`${name}="${value}" counts as absent, with a warning`, () => {
      const { issues, warnings, config } = readConfig(source({ [name]: value }));
      expect([issues, warnings]).to.deep.equal([[], [name]]);
      expect(config).to.deep.equal(readConfig(source({})).config);
    });
  }

  for (const [what, value] of [
    ['broken JSON', '{"a":'],
    ['no object', '[1]'],
    ['above 512 bytes', JSON.stringify({ a: 'ä'.repeat(260) })],
  ] as const) {
    it(`a context that is ${what} counts as absent, with a warning: the call is worth more`, () => {
      const { issues, warnings, config } = readConfig(source({ context: value }));
      expect([issues, warnings, config.context]).to.deep.equal([[], ['context'], null]);
    });
  }

  it('a context loses its white space', () => {
    expect(readConfig(source({ context: ' { "a": 1 } ' })).config.context).to.equal('{"a":1}');
  });

  for (const [name, value] of [
    ['server', 'wss://a:99999'],
    ['domain', 'a b'],
    ['captcha-host', 'https://evil.example'],
    ['captcha-host', 'https://evilhcaptcha.com'],
    ['captcha-host', 'javascript:alert(1)'],
  ] as const) {
    it(`${name}="${value}" makes calls impossible`, () => {
      expect(readConfig(source({ [name]: value })).issues).to.include(name);
    });
  }

  it('another CAPTCHA host is taken from the page’s own script, not from markup', () => {
    expect(readConfig(source({}, 'https://captcha.example.org/x')).config.captchaHost).to.equal(
      'https://captcha.example.org',
    );
    expect(readConfig(source({ 'captcha-host': 'https://cn1.hcaptcha.com' })).issues).to.deep.equal(
      [],
    );
    expect(readConfig(source({ 'captcha-host': location.origin })).issues).to.deep.equal([]);
  });

  it('relay needs a TURN server, or a gate that gives one', () => {
    const relay = { 'ice-transport-policy': 'relay' };
    expect(readConfig(source(relay)).issues).to.deep.equal([]);
    const bare = source({ ...relay, captcha: 'none' });
    bare.removeAttribute('gate');
    expect(readConfig(bare).issues).to.deep.equal(['ice-transport-policy']);
    Object.assign(bare, { iceServers: [{ urls: ['turn:t.example'] }] });
    expect(readConfig(bare).config.relayOnly).to.equal(true);
  });
});
