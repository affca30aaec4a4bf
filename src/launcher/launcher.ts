import type { HoursModule, PanelHandle, PanelModule } from '../panel/host.js';
import { create } from './dom.js';
import type { CallButtonElement } from './element.js';

/** How this build finds its other parts: another way for npm than for the script tag. */
export interface LauncherSetup {
  loadPanel(): Promise<PanelModule>;
  /** Only where an element has opening hours. */
  loadHours(): Promise<HoursModule>;
  /** From `data-captcha-host` of the script tag. */
  readonly captchaHost?: string | undefined;
  /** Nonce of the script tag. */
  readonly nonce?: string | undefined;
}

/** What one element shows before it is used, and how it comes to its panel. */
export interface Launcher {
  /** Once it is loaded. */
  panel(): PanelHandle | undefined;
  /** Has the panel do it, loaded where it is not yet. Rejects while no call is possible. */
  run(action: 'open' | 'call'): Promise<void>;
  state(): CallButtonElement['state'];
  connected(): void;
  disconnected(): void;
  /** Attributes or properties have changed. */
  changed(): void;
}

/**
 * Draws the button, or the link in its place, into the element's shadow root. All of it is local to this function, so
 * that a minifier can shorten its names: every page loads this.
 */
export function createLauncher(
  element: CallButtonElement,
  states: Set<string>,
  sheet: CSSStyleSheet,
  { loadPanel, loadHours, nonce }: LauncherSetup,
): Launcher {
  const root = element.attachShadow({ mode: 'open' });
  const button = create('button', 'part', 'launcher');
  const link = create('a', 'part', 'launcher');
  const icon = create('slot', 'name', 'icon');
  const label = create('span');
  const slot = create('slot');
  const away = create('slot', 'name', 'away');
  /** While connected. */
  let observer: MutationObserver | undefined;
  /** Why no call is possible; empty: one is. */
  let issue = '';
  /** Of the opening hours, or of a chunk that cannot be had. */
  let fault = '';
  let isOpen = true;
  let hours: Promise<() => void> | undefined;
  let loading: Promise<PanelHandle> | undefined;
  let panel: PanelHandle | undefined;
  let panelStates: readonly string[] = ['idle'];
  let panelLabel: string | null | undefined;

  root.adoptedStyleSheets = [sheet];
  root.append(away, button, link);
  icon.append(create('i'));

  const attribute = (name: string): string => element.getAttribute(name) ?? '';

  const child = (): HTMLAnchorElement | null => element.querySelector(':scope>a[href]:not([slot])');

  const tel = (): string | undefined => {
    const number = attribute('tel').replace(/[^\d+*#]/g, '');
    return number ? `tel:${number}` : child()?.href;
  };

  const load = (): Promise<PanelHandle> =>
    (loading ??= (async () => {
      if (issue) throw Error(issue);
      button.ariaBusy = 'true';
      try {
        return (panel = (await loadPanel()).createPanel({
          element,
          anchor: button,
          nonce,
          tel,
          reflect(states, words) {
            panelStates = states;
            panelLabel = words;
            render();
          },
        }));
      } finally {
        button.ariaBusy = null;
      }
    })().catch((error: unknown) => {
      // a chunk that could not be had may be there at the next try
      loading = undefined;
      throw error;
    }));

  /** Has the console told once what is wrong. */
  const check = (): void => {
    const found =
      // what cannot be left out; the rest is for the panel to judge: its rules would be in every page
      /^\s*wss?:/.test(attribute('server')) &&
      attribute('target') &&
      (/^[an]/.test(attribute('captcha')) || attribute('sitekey'))
        ? fault ||
          // without https there is neither. A link that works is better than a button that explains, which is better
          // than nothing. Not asked of `navigator`: that alone takes 16 kB of heap
          (tel() && !('MediaDevices' in window && 'RTCPeerConnection' in window) ? 'WebRTC' : '')
        : 'attributes';
    if (found === issue) return;
    issue = found;
    // frameworks insert an element first and set it up then, all in one task
    setTimeout(() => {
      if (!found || found !== issue) return;
      loadPanel().then(({ explain }) => explain(found, element), console.error);
    });
  };

  const render = (): void => {
    // an upgrade tells the attributes one by one, before it connects
    if (!observer) return;
    if (!hours && element.matches('[hours],[closed-on]')) {
      // until it is known the link stays: nothing flashes
      isOpen = false;
      hours = loadHours().then(({ watchHours }) =>
        watchHours(element, (open, problem) => {
          isOpen = open;
          fault = problem;
          render();
        }),
      );
    }
    check();
    // a call in progress outlives a closing time and a broken attribute
    const isAway = !panelStates.includes('live') && (!isOpen || !!issue);
    const number = tel();
    button.hidden = isAway;
    away.hidden = !isAway || isOpen;
    link.hidden = !isAway || !number;
    link.href = number ?? '';
    const shown = isAway ? link : button;
    if (label.parentNode !== shown) shown.append(icon, label);
    // a link is never slotted: inside a button it would be invalid
    slot.textContent = attribute('label');
    label.replaceChildren(panelLabel ?? child()?.textContent.trim() ?? slot);
    for (const each of element.children as HTMLCollectionOf<HTMLElement>)
      if (each.slot) each.hidden = false;

    states.clear();
    for (const state of isAway && issue ? ['unavailable'] : panelStates) states.add(state);
    if (!isOpen) states.add('closed');
  };

  button.onclick = () =>
    void element.open().catch((error: unknown) => {
      if (!tel()) throw error;
      // a chunk is blocked, or is not what its hash says: the number can be had without it
      fault = String(error);
      render();
    });
  // intent: the panel is there by the time of the click
  button.onpointerenter = button.onfocus = () => void load().catch(() => {});

  return {
    panel: () => panel,
    // in the same task where it can: a later `close()` must not be overtaken
    run: (action) => (panel ? panel[action]() : load().then((made) => made[action]())),
    state: () => panel?.snapshot ?? { state: issue ? 'unavailable' : 'idle' },
    connected() {
      observer = new MutationObserver(render);
      observer.observe(element, { childList: true, characterData: true, subtree: true });
      render();
      panel?.resume();
    },
    disconnected() {
      observer?.disconnect();
      observer = undefined;
      hours = void hours?.then((stop) => stop());
      // a move in the document removes and inserts in one task: only one that stays out ends the call
      setTimeout(() => {
        if (observer) return;
        panel?.dispose();
        panel = loading = undefined;
      });
    },
    changed() {
      render();
      if (!issue) panel?.configure();
    },
  };
}
