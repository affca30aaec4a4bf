import { html, nothing, type TemplateResult } from 'lit';
import { lastWords, registrationWords } from '../words.js';
import type { Desk } from './desk.js';
import { strings } from './parts.js';

const STEPS = html`<ol class="steps-list">
  <li>
    <b>It rings here.</b>
    You see the caller’s name and the page they are on before you answer.
  </li>
  <li>
    <b>You answer</b> by voice, or with your camera where they show theirs. Or you decline, and they
    hear so at once.
  </li>
  <li>
    <b>You talk.</b>
    Hold, mute, see the keys they press, hand them over to the menu, hang up.
  </li>
</ol>`;

function signInForm(desk: Desk): TemplateResult {
  const { registration } = desk.snapshot;
  const trouble = registrationWords(registration);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const { elements } = event.currentTarget as HTMLFormElement;
    const value = (name: string): string => (elements.namedItem(name) as HTMLInputElement).value;
    desk.signIn(value('user').trim(), value('password'));
  };
  return html`<form class="card" @submit=${submit}>
    <h2>Sign in</h2>
    <p class="quiet">Filled in for you: these are this demo’s own.</p>
    <label>
      <span>User</span>
      <input name="user" .value=${desk.user} autocomplete="username" spellcheck="false" required />
    </label>
    <label>
      <span>Password</span>
      <input
        name="password"
        type="password"
        .value=${desk.password}
        autocomplete="current-password"
        required
      />
    </label>
    ${trouble === '' ? nothing : html`<p class="trouble" role="alert">${trouble}</p>`}
    <button class="primary" type="submit">Take calls</button>
  </form>`;
}

/** Nobody is signed in. */
export function signInView(desk: Desk): TemplateResult {
  return html`<section class="stage" aria-labelledby="title">
      ${strings('still')}
      <h1 id="title" tabindex="-1">Pick up the bench phone.</h1>
      <p class="lead">
        Calls from the workshop’s page can ring here, in this tab. Sign in, leave the tab open, and
        call yourself from another one.
      </p>
    </section>
    ${signInForm(desk)}`;
}

/** On duty, or on the way there, and nobody calls. */
export function waitingView(desk: Desk): TemplateResult {
  const { registration, last } = desk.snapshot;
  const trouble = registrationWords(registration);
  const ready = registration.state === 'registered';
  return html`<section class="stage" aria-labelledby="title">
      ${strings('still')}
      <h1 id="title" tabindex="-1">${ready ? 'Waiting for a call.' : 'One moment.'}</h1>
      <p class="lead">
        ${
          ready
            ? 'Leave this tab open. Call yourself from the workshop’s page, in another tab or another window.'
            : trouble || 'Signing in…'
        }
      </p>
      <p class="actions">
        <a class="button primary" href="../" target="_blank">Open the page that calls</a>
        <button class="button plain" type="button" @click=${() => desk.signOut()}>Sign out</button>
      </p>
      ${last === null ? nothing : html`<p class="small">Last call: ${lastWords(last)}.</p>`}
    </section>
    <section class="card" aria-labelledby="next">
      <h2 id="next">What happens next</h2>
      ${STEPS}
    </section>`;
}
