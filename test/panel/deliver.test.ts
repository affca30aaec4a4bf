import { expect } from 'chai';
import type { PanelController } from '../../src/panel/controller.js';
import { follow } from '../../src/panel/extras/deliver.js';

const { fetch } = globalThis;
const { warn } = console;

describe('delivery of reports', () => {
  let asked: [url: string, body: unknown][] = [];
  let warned: string[] = [];
  beforeEach(() => {
    asked = [];
    warned = [];
    globalThis.fetch = (url, options) => {
      asked.push([url as string, options?.body]);
      return Promise.resolve(new Response(null, { status: 204 }));
    };
    console.warn = (text: string) => warned.push(text);
  });
  afterEach(() => {
    globalThis.fetch = fetch;
    console.warn = warn;
  });

  function followed(address: string | null): HTMLElement {
    const element = document.createElement('div');
    if (address !== null) element.setAttribute('report-url', address);
    const controller = { host: { element } } as unknown as PanelController;
    follow(controller);
    // a panel is made anew where the element comes back into the document
    follow(controller);
    return element;
  }
  const change = (element: HTMLElement, report: object | null, before: object | null): void => {
    const snapshots = { snapshot: { report }, previous: { report: before } };
    element.dispatchEvent(Object.assign(new Event('call-state-change'), snapshots));
  };

  it('happens once, when the report is there, and not with the changes before and after', () => {
    const element = followed(' /calls ');
    const report = { reason: 'busy' };
    change(element, null, null);
    change(element, report, null);
    change(element, report, report);
    change(element, null, report);
    expect(asked).to.deep.equal([[`${location.origin}/calls`, '{"reason":"busy"}']]);
    expect(warned).to.deep.equal([]);
  });

  it('goes to the address that is there at that time', () => {
    const element = followed('https://one.example/');
    element.setAttribute('report-url', 'https://two.example/calls?site=7');
    change(element, {}, null);
    element.removeAttribute('report-url');
    change(element, {}, null);
    expect(asked.map(([url]) => url)).to.deep.equal(['https://two.example/calls?site=7']);
  });

  for (const wrong of [
    '',
    ' ',
    'https://',
    'https://user@example.com/',
    'https://:secret@example.com/',
    'javascript:alert(1)',
    'data:,x',
    'ws://example.com/',
    'file:///etc/passwd',
  ]) {
    it(`does not happen to "${wrong}", and the administrator is told`, async () => {
      change(followed(wrong), {}, null);
      expect(asked).to.deep.equal([]);
      while (warned.length === 0) await new Promise((resolve) => setTimeout(resolve));
      expect(warned[0]).to.contain(`report-url="${wrong}"; expected:`);
    });
  }
});
