/** The other end of `<call-button>`: a page where a person answers. */
import { nothing, render, type TemplateResult } from 'lit';
import { isTalking } from '../../src/call/phone-state.js';
import type { PhoneSnapshot } from '../../src/call/phone-snapshot.js';
import { createPhone } from './compose.js';
import type { Desk } from './views/desk.js';
import { ringingView } from './views/ringing-view.js';
import { talkView } from './views/talk-view.js';
import { signInView, waitingView } from './views/waiting-view.js';
import { nameOf } from './words.js';

const TICK_MS = 1_000;
const TITLE = document.title;

/** What the service filled in; empty where the page came from elsewhere. */
function given(value: string | undefined): string {
  return value === undefined || /^%\w+%$/.test(value) ? '' : value;
}

function start(root: HTMLElement, duty: HTMLElement): void {
  const { dataset } = root;
  const server = given(dataset['server']) || `${location.origin.replace(/^http/, 'ws')}/sip`;
  const domain = new URL(server).hostname;
  let user = given(dataset['user']);
  let password = given(dataset['password']);
  let cancelTick = (): void => {};
  const phone = createPhone(show);

  const desk: Desk = {
    phone,
    get snapshot() {
      return phone.snapshot;
    },
    get user() {
      return user;
    },
    get password() {
      return password;
    },
    get address() {
      return `sip:${user}@${domain}`;
    },
    signIn(asUser, withPassword) {
      [user, password] = [asUser, withPassword];
      phone.open({
        servers: [server],
        domain,
        user,
        password,
        iceServers: [],
        relayOnly: false,
        iceWait: 'first-usable',
      });
    },
    signOut: () => void phone.close(),
  };

  function view({ state, registration }: PhoneSnapshot): TemplateResult {
    switch (state) {
      case 'ringing':
      case 'connecting':
        return ringingView(desk);
      case 'established':
      case 'held':
        return talkView(desk);
      case 'ending':
      case 'idle': {
        const signedOut =
          registration.state === 'unregistered' ||
          (registration.state === 'failed' && !registration.retrying);
        return signedOut ? signInView(desk) : waitingView(desk);
      }
    }
  }

  function title({ state, caller }: PhoneSnapshot): string {
    // it is this tab's only voice while another one is in front
    if (state === 'ringing') return `\u260e ${nameOf(caller)} is calling`;
    return isTalking(state) ? `${nameOf(caller)}, ${TITLE}` : TITLE;
  }

  function show(snapshot: PhoneSnapshot): void {
    const focused = root.contains(document.activeElement) && document.activeElement !== root;
    render(view(snapshot), root);
    const ready = snapshot.registration.state === 'registered';
    duty.classList.toggle('on', ready);
    render(ready ? `On duty as ${desk.address}` : nothing, duty);
    document.title = title(snapshot);
    // the button that was pressed may be gone: go on from the headline of what came in its place
    if (focused && document.activeElement === document.body) {
      root.querySelector<HTMLElement>('h1')?.focus();
    }
    cancelTick();
    if (!isTalking(snapshot.state)) return;
    const timer = setTimeout(() => show(phone.snapshot), TICK_MS);
    cancelTick = () => clearTimeout(timer);
  }

  // the last moment: 480 or BYE, and the registration taken back
  addEventListener('pagehide', () => void phone.close());
  root.replaceChildren();
  show(phone.snapshot);
}

const root = document.querySelector<HTMLElement>('#desk');
const duty = document.querySelector<HTMLElement>('#duty');
if (root !== null && duty !== null) start(root, duty);
