/** Pages that have changed what every script stands on: prototypes, globals, names of elements. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CallPage, hearsTone, NOTHING_OPEN } from '../support/e2e.js';
import { until } from '../support/until.js';
import { useHostWorld } from '../support/use-world.js';

const { world, openPage } = useHostWorld();
let on: CallPage;

const FROZEN = `
for (const type of [Object, Function, Array, String, Number, Boolean, Symbol, BigInt, Error, TypeError, RangeError,
  Promise, Map, Set, WeakMap, WeakSet, Date, RegExp, ArrayBuffer, Uint8Array, DataView, URL, URLSearchParams, Blob,
  EventTarget, Event, CustomEvent, DOMException, AbortSignal, Node, Element, HTMLElement, Document, DocumentFragment,
  ShadowRoot, CSSStyleSheet, MediaStream, Headers, Response]) {
  Object.freeze(type.prototype);
  Object.freeze(type);
}
for (const tool of [Math, JSON, Reflect, Intl]) Object.freeze(tool);
`;

/** What Prototype 1.6.1 and 1.7 leave behind, and what is known to break others. */
const PROTOTYPE_JS = `
const toArray = (list) => {
  if (!list) return [];
  if ('toArray' in Object(list)) return list.toArray();
  let length = list.length || 0;
  const results = new Array(length);
  while (length--) results[length] = list[length];
  return results;
};
Array.from = toArray;
Object.assign(Array.prototype, {
  each(iterator, context) { for (let i = 0; i < this.length; i++) iterator.call(context, this[i], i); return this; },
  toArray() { return this.concat(); },
  entries() { return this.concat(); },
  clone() { return this.concat(); },
  size() { return this.length; },
  first() { return this[0]; },
  last() { return this[this.length - 1]; },
  collect(iterator, context) { const all = []; this.each((v, i) => all.push(iterator.call(context, v, i))); return all; },
  map(iterator, context) { return this.collect(iterator || ((x) => x), context); },
  find(iterator, context) { for (const v of this) if (iterator.call(context, v)) return v; },
  filter(iterator, context) { const all = []; this.each((v, i) => { if (iterator.call(context, v, i)) all.push(v); }); return all; },
  some(iterator, context) { iterator = iterator || ((x) => x); let any = false; this.each((v, i) => { if (iterator.call(context, v, i)) any = true; }); return any; },
  every(iterator, context) { iterator = iterator || ((x) => x); let all = true; this.each((v, i) => { if (!iterator.call(context, v, i)) all = false; }); return all; },
  include(object) { return this.indexOf(object) !== -1; },
  inject(memo, iterator, context) { this.each((v, i) => { memo = iterator.call(context, memo, v, i); }); return memo; },
  inspect() { return '[' + this.map(String).join(', ') + ']'; },
  toJSON() { return '[' + this.map((value) => JSON.stringify(value)).join(', ') + ']'; },
  without() { return this.concat(); },
  zip() { return this.concat(); },
  compact() { return this.filter((value) => value != null); },
});
Object.assign(String.prototype, {
  toJSON() { return JSON.stringify(String(this)); },
  inspect() { return this; },
  strip() { return this.trim(); },
  camelize() { return this; },
  include(text) { return this.indexOf(text) > -1; },
  startsWith(text) { return this.lastIndexOf(text, 0) === 0; },
  endsWith(text) { return this.slice(-text.length) === text; },
  toArray() { return this.split(''); },
  times(count) { return new Array(count + 1).join(this); },
});
Object.assign(Number.prototype, { toJSON() { return String(this); }, times() { return this; } });
Date.prototype.toJSON = function () { return '"' + this.toISOString() + '"'; };
Object.assign(Function.prototype, {
  bind(context, ...given) { const method = this; return function (...rest) { return method.apply(context, [...given, ...rest]); }; },
  curry() { return this; },
  delay(seconds) { return setTimeout(this, seconds * 1000); },
  wrap(wrapper) { return wrapper; },
  methodize() { return this; },
  argumentNames() { return []; },
});
Object.assign(HTMLElement.prototype, {
  show() { this.style.display = ''; return this; },
  hide() { this.style.display = 'none'; return this; },
  remove() { this.parentNode.removeChild(this); return this; },
  update(html) { this.innerHTML = html; return this; },
  clone() { return this.cloneNode(); },
  select(rule) { return [...this.querySelectorAll(rule)]; },
  match(rule) { return this.matches(rule); },
  fire() { return this; },
  observe() { return this; },
  getValue() { return this.value; },
});
const NativeElement = Element;
window.Element = Object.assign(function (tag) { return document.createElement(tag); }, { Methods: {} });
window.Element.prototype = NativeElement.prototype;
window.$ = (id) => document.getElementById(id);
window.$A = toArray;
window.Hash = window.Template = window.Class = window.Ajax = window.Enumerable = window.Prototype = function () {};
`;

/** What MooTools 1.2 to 1.6 leave behind. */
const MOOTOOLS = `
Array.from = (item) => (item == null ? [] : typeof item === 'object' && 'length' in item ? Array.prototype.slice.call(item) : [item]);
const NativeRequest = Request;
Object.assign(Function.prototype, {
  extend(methods) { Object.assign(this, methods); return this; },
  implement(methods) { Object.assign(this.prototype, methods); return this; },
  // the arguments as an array, the event of the window in front: 1.2
  bind(that, given) { const fn = this; return (...rest) => fn.apply(that, given != null ? [].concat(given) : rest); },
  pass(given, that) { return () => this.apply(that, [].concat(given)); },
  periodical(every) { return setInterval(this, every); },
  attempt() { return null; },
  create() { return this; },
  run(given, that) { return this.apply(that, [].concat(given)); },
});
Object.assign(Array.prototype, {
  each(fn, that) { this.forEach(fn, that); },
  contains(item) { return this.includes(item); },
  include(item) { if (!this.includes(item)) this.push(item); return this; },
  clean() { return this.filter((item) => item != null); },
  link(object) { return object; },
  empty() { this.length = 0; return this; },
  erase(item) { return this; },
  flatten() { return this.concat(); },
  append(list) { this.push(...list); return this; },
  pick() { return this.find((item) => item != null) ?? null; },
  invoke(name) { return this.map((item) => item[name]()); },
  associate(keys) { return {}; },
  getLast() { return this.at(-1) ?? null; },
});
Object.assign(String.prototype, {
  test(regex) { return RegExp(regex).test(this); },
  contains(text) { return this.includes(text); },
  clean() { return this.trim(); },
  toInt(base) { return parseInt(this, base || 10); },
  substitute() { return this; },
});
Object.assign(Number.prototype, { limit() { return this; }, round() { return Math.round(this); }, times() {}, toInt() { return Math.trunc(this); } });
Object.assign(Element.prototype, {
  get(name) { return this.getAttribute(name); },
  set(name, value) { this.setAttribute(name, value); return this; },
  erase(name) { this.removeAttribute(name); return this; },
  dispose() { this.parentNode.removeChild(this); return this; },
  destroy() { this.remove(); return null; },
  empty() { this.replaceChildren(); return this; },
  clone() { return this.cloneNode(true); },
  inject(into) { into.append(this); return this; },
  grab(child) { this.append(child); return this; },
  adopt(...children) { this.append(...children); return this; },
  addEvent(name, listener) { this.addEventListener(name, listener); return this; },
  fireEvent() { return this; },
  getElements(rule) { return [...this.querySelectorAll(rule)]; },
  store() { return this; },
  retrieve() { return null; },
  position() { return this; },
  show() { return this; },
  hide() { return this; },
});
window.Request = window.Class = window.Chain = window.Options = window.Cookie = window.Fx = window.Hash = function () {};
window.$ = window.$$ = () => null;
window.$extend = Object.assign;
document.id = () => null;
document.html = document.documentElement;
`;

/** Everything has more members than it should, and \`for … in\` shows them. */
const ENUMERABLE = `
for (const type of [Object, Array, Function, String, Number, Map, Set, Promise, EventTarget, Element]) {
  type.prototype.addedByThePage = function () { return this; };
  if (type !== Object) type.prototype.alsoAdded = 'text';
}
Object.prototype.forEach = function (visit) { for (const key in this) visit(this[key], key); };
Object.prototype.extend = function (source) { for (const key in source) this[key] = source[key]; return this; };
Array.prototype.remove = function (item) { this.splice(this.indexOf(item), 1); };
Array.prototype.toJSON = function () { return this.join(); };
`;

const LISTENERS = `
for (const name of ['addEventListener', 'removeEventListener', 'dispatchEvent']) {
  const native = EventTarget.prototype[name];
  const value = function (...values) { return native.apply(this ?? window, values); };
  Object.defineProperty(EventTarget.prototype, name, { value, writable: false, configurable: false, enumerable: true });
  Object.defineProperty(window, name, { value, writable: false, configurable: false });
}
const { setTimeout: later, setInterval: often } = window;
Object.defineProperty(window, 'setTimeout', { value: (...values) => later(...values), writable: false });
Object.defineProperty(window, 'setInterval', { value: (...values) => often(...values), writable: false });
`;

/** Loaders of other times, and names that a script might want for itself. */
const GLOBALS = `
window.amd = [];
window.define = (...values) => { amd.push(values); };
define.amd = {};
window.require = () => { throw new Error('require of the page'); };
window.module = { exports: {} };
window.exports = module.exports;
window.process = { env: {}, browser: false, versions: { node: '0.8.0' } };
window.global = {};
window.Buffer = class {};
window.name = 'callButton';
const callButton = 'of the page', lit = 1, script = 2, base = 3, load = 4, sip = 5, process2 = 6;
let e = 1, t = 2, n = 3, r = 4, i = 5, o = 6, s = 7, c = 8, a = 9;
var top2 = 1;
`;

const CLOBBERED = `
<img id="callButton" name="callButton" alt=""><a id="call-button" href="#a">a</a><a id="hcaptcha"></a>
<form name="target"><input name="id"><input name="server"></form><form id="location"></form>
<img name="currentScript2" alt=""><img name="scripts" alt=""><img name="baseURI" alt=""><img name="implementation" alt="">
<form name="activeElement"></form><img name="fullscreenElement" alt=""><img name="visibilityState" alt=""><form name="permissionsPolicy"></form><form name="featurePolicy"></form>
<a id="crypto"></a><a id="kept2"></a><a id="state"></a><a id="open"></a><a id="process"></a><a id="litHtmlVersions" name="litHtmlVersions"></a><a id="litElementVersions"></a><a id="reactiveElementVersions"></a><a id="ShadyCSS"></a><a id="litHtmlPolyfillSupport"></a>`;

async function callsFrom(page: {
  readonly before?: string;
  readonly head?: string;
  readonly body?: string;
}): Promise<void> {
  on = await openPage({
    head: `${page.head ?? ''}<script>${page.before ?? ''}</script><script async crossorigin src="${world.script}"></script>`,
    body: `${page.body ?? ''}${world.element({ context: '{"page":"hostile"}', rating: 'stars' })}`,
  });
  await on.dial();
  await on.waitForState('established');
  const press = (name: string): Promise<void> =>
    on.page.locator('[part=controls]').getByRole('button', { name, exact: true }).click();
  const digits: string[] = [];
  const onDigit = ({ digit }: { digit: string }): void => void digits.push(digit);
  world.service.events.on('digit', onDigit);
  await press('Show keypad');
  await on.page.getByRole('button', { name: '5 JKL', exact: true }).click();
  await until(() => digits.length === 1);
  world.service.events.off('digit', onDigit);
  await hearsTone(on.page);
  await press('Choose microphone, speaker and camera');
  await on.page.getByRole('combobox', { name: 'Microphone' }).waitFor();
  await on.page.waitForFunction(
    () => document.querySelector('call-button')!.state.quality?.loss != null,
  );
  const [, hex] = /User-to-User: ([0-9a-f]+);/.exec(world.service.lastInviteRaw!)!;
  assert.deepEqual(JSON.parse(Buffer.from(hex!, 'hex').toString()), { page: 'hostile' });
  const report = on.page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        document
          .querySelector('call-button')!
          .addEventListener('call-end', (event) => resolve(JSON.stringify(event.report)));
      }),
  );
  await press('Hang up');
  assert.match(await report, /hung-up/);
  await on.page.getByRole('radio').first().waitFor();
  assert.deepEqual(await on.open(), NOTHING_OPEN);
  // the image of the last page
  assert.deepEqual(
    on.errors.filter((text) => !text.includes('ERR_NAME_NOT_RESOLVED')),
    [],
  );
}

describe('a page calls whatever it has done to', () => {
  it('base href: the chunks come from where the script is', () =>
    callsFrom({ head: '<base href="https://elsewhere.example/deep/">' }));

  it('prototypes and constructors: all frozen', () => callsFrom({ before: FROZEN }));

  it('arrays, functions and strings, as Prototype does', () => callsFrom({ before: PROTOTYPE_JS }));

  it('arrays, functions and elements, as MooTools does', () => callsFrom({ before: MOOTOOLS }));

  it('all prototypes: enumerable members', () => callsFrom({ before: ENUMERABLE }));

  it('event listeners and timers: wrapped, and not to be written', () =>
    callsFrom({ before: LISTENERS }));

  it('globals: AMD, CommonJS, a process, and names of its own', () =>
    callsFrom({ before: GLOBALS }));

  it('names: elements in the place of members of the document', () =>
    callsFrom({ body: CLOBBERED }));

  it('the name currentScript: an injected image cannot say where the chunks come from', async () => {
    await callsFrom({
      head: `<img name="currentScript" alt="" src="https://evil.example/x.js">`,
    });
    assert.deepEqual(
      on.requests.filter((url) => url.startsWith('https://evil.example/') && url.includes('chunk')),
      [],
    );
  });
});
