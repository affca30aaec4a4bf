/** Where an administrator sets a button up, sees it, tries its way to the gateway, and takes the markup along. */
import { render, type TemplateResult } from 'lit';
import { type Integrity, movingFolder } from '../../test/support/published.js';
import { stepsFor } from './checks.js';
import type { Desk, Line, Preview } from './desk.js';
import { readFields } from './fields.js';
import { makeSnippet, propertiesRule } from './snippet.js';
import { formView } from './views/form-view.js';
import { checksView, snippetView, themesView, toolsView } from './views/side-view.js';

const MANIFEST = '/dist/custom-elements.json';
const INTEGRITY = '/dist/integrity.json';

async function load(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}

/** Attribute by attribute, so that a call in the preview goes on. */
function mirror(wanted: Element, element: Element): void {
  for (const name of element.getAttributeNames()) {
    if (!wanted.hasAttribute(name)) element.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}

/** The settings as the page's own element in its template has them. */
function givenAttributes(): Map<string, string> {
  const element = document.querySelector('template')?.content.querySelector('call-button');
  return new Map([...(element?.attributes ?? [])].map(({ name, value }) => [name, value]));
}

async function start(): Promise<void> {
  const place = (name: string): HTMLElement => document.querySelector<HTMLElement>(`#${name}`)!;
  const frame = document.querySelector('iframe')!;
  const [manifest, style, hashed] = await Promise.all([
    load(MANIFEST),
    load('first-paint.css'),
    load(INTEGRITY),
  ]);
  const fields = readFields(await manifest.json());
  const firstPaint = await style.text();
  const integrity = (await hashed.json()) as Integrity;
  const { version } = integrity;
  const addressIn = (folder: string): string =>
    new URL(`/call-button/${folder}/call-button.js`, location.href).href;
  const fixed = addressIn(version);
  const moving = addressIn(movingFolder(version) ?? version);
  let theme = '';
  let themeCss = '';
  let script = moving;
  let pinned = false;
  let preview: Preview = { dark: matchMedia('(prefers-color-scheme: dark)').matches, phone: false };
  let lines: readonly Line[] | null = null;
  let checking: AbortController | null = null;
  let copied = false;

  const desk: Desk = {
    fields,
    attributes: givenAttributes(),
    properties: new Map(),
    get theme() {
      return theme;
    },
    get script() {
      return script;
    },
    get pinned() {
      return pinned;
    },
    get preview() {
      return preview;
    },
    get lines() {
      return lines;
    },
    get checking() {
      return checking !== null;
    },
    get snippet() {
      const { attributes, properties } = desk;
      const hashes = pinned ? integrity : null;
      return makeSnippet({ script, hashes, attributes, properties, theme: themeCss, firstPaint });
    },
    get copied() {
      return copied;
    },
    changed,
    setTheme(name) {
      theme = name;
      void showTheme(name);
    },
    setScript(url) {
      script = url.trim();
      changed();
    },
    setPinned(wanted) {
      pinned = wanted;
      // of another host we know no folders
      if (script === fixed || script === moving) script = pinned ? fixed : moving;
      changed();
    },
    setPreview(change) {
      preview = { ...preview, ...change };
      show();
    },
    check: () => void check(),
    copy: () => void copy(),
  };

  /** What was found out, or copied, was so for other settings. */
  function changed(): void {
    checking?.abort();
    checking = null;
    lines = null;
    copied = false;
    show();
  }

  async function showTheme(name: string): Promise<void> {
    const css = name === '' ? '' : await (await load(`../themes/${name}.css`)).text();
    // another one was picked meanwhile
    if (name !== theme) return;
    themeCss = css;
    changed();
  }

  function elementOf(page: Document): HTMLElement {
    const element = page.createElement('call-button');
    for (const [name, value] of desk.attributes) element.setAttribute(name, value);
    return element;
  }

  function syncPreview(): void {
    const page = frame.contentDocument;
    const main = page?.querySelector('main');
    if (page == null || main == null) return;
    const wanted = elementOf(page);
    const element = page.querySelector('call-button');
    if (element === null) main.append(wanted);
    else mirror(wanted, element);
    const style = page.querySelector('#theme');
    const css = `${themeCss}\n${propertiesRule(desk.properties)}`;
    if (style !== null && style.textContent !== css) style.textContent = css;
    page.documentElement.style.colorScheme = preview.dark ? 'dark' : 'light';
    page.documentElement.dataset['theme'] = theme;
  }

  async function check(): Promise<void> {
    if (checking !== null) return;
    const run = new AbortController();
    checking = run;
    lines = [];
    for (const { title, run: step } of stepsFor(elementOf(document))) {
      const before: readonly Line[] = lines;
      lines = [...before, { title, verdict: null }];
      show();
      const verdict = await step(run.signal);
      if (run.signal.aborted) return;
      lines = [...before, { title, verdict }];
    }
    run.abort();
    checking = null;
    show();
  }

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(desk.snippet);
      copied = true;
    } catch {
      // not allowed here: selected, so that the keyboard can
      getSelection()?.selectAllChildren(place('snippet'));
    }
    show();
  }

  function show(): void {
    const views: Readonly<Record<string, TemplateResult>> = {
      form: formView(desk),
      themes: themesView(desk),
      tools: toolsView(desk),
      checks: checksView(desk),
      markup: snippetView(desk),
    };
    for (const [name, view] of Object.entries(views)) render(view, place(name));
    frame.classList.toggle('phone', preview.phone);
    syncPreview();
  }

  frame.addEventListener('load', syncPreview);
  place('form').replaceChildren();
  show();
}

start().catch((error: unknown) => {
  document.querySelector('#form')!.textContent =
    `The form could not be made: ${String(error)}. It is made of ${MANIFEST} and ${INTEGRITY}.`;
});
