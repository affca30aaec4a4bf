import { html, nothing, type TemplateResult } from 'lit/html.js';
import { isLive } from '../../call/call-state.js';
import { DISPLAY_NAME_MAX } from '../../shared/limits.js';
import type { PanelController } from '../controller.js';
import { handsetIcon, lineIcon, PATHS } from './icons.js';

/** The way out where a call from the browser fails: the administrator's own number. */
export function phoneLink({
  host,
  t,
}: Pick<PanelController, 'host' | 't'>): TemplateResult | typeof nothing {
  const tel = host.tel();
  if (!tel) return nothing;
  return html`<a class="phone" href=${tel}>${t('call.phone')}</a>`;
}

export function retryText({ t }: Pick<PanelController, 't'>, seconds: number | undefined): string {
  if (!seconds) return '';
  return seconds < 120
    ? t('retry.seconds', { n: Math.ceil(seconds) })
    : t('retry.minutes', { n: Math.ceil(seconds / 60) });
}

function captchaView(controller: PanelController): TemplateResult | typeof nothing {
  const { captcha, t } = controller;
  if (controller.config.captcha === 'none') return nothing;
  return html`<div part="captcha" class="captcha" role="group" aria-label=${t('captcha')}>
    ${captcha === null && controller.error === null ? html`<p class="muted">${t('loading')}</p>` : nothing}
    ${controller.captchaView?.(controller) ?? nothing}
    <slot name="captcha"></slot>
  </div>`;
}

function errorView(controller: PanelController): TemplateResult | typeof nothing {
  const { error, t, elsewhere } = controller;
  const reason = elsewhere ? 'another-call' : error?.reason;
  if (reason === undefined) return nothing;
  return html`<div part="message" class="message" role="alert">
    ${lineIcon(PATHS.alert)}
    <div>
      <p>${t(`end.${reason}`)} ${retryText(controller, error?.retryAfter)}</p>
      ${phoneLink(controller)}
      ${
        reason === 'captcha-unavailable' && !isLive(controller.snapshot.state)
          ? html`<button type="button" class="text" @click=${() => controller.retryCaptcha()}>
              ${t('captcha.retry')}
            </button>`
          : nothing
      }
    </div>
  </div>`;
}

/** Name, CAPTCHA and the press on Call; stays while the call is being prepared. */
export function formView(controller: PanelController): TemplateResult {
  const { t, name, nameIssue, snapshot, elsewhere } = controller;
  const busy = isLive(snapshot.state);
  const video = controller.config.media === 'video';
  // the press, and with it Enter in a field: a sandboxed frame without allow-forms is told of no `submit`
  const submit = (event: Event): void => {
    event.preventDefault();
    void controller.submit();
  };
  if ((controller.needsConsent || controller.misconfigured) && !busy) {
    const error = errorView(controller);
    return html`<div class="form">
      ${controller.misconfigured ? nothing : controller.calls?.extras?.consentView(controller)}
      ${error === nothing ? phoneLink(controller) : error}
    </div>`;
  }
  return html`<form part="form" class="form" novalidate>
    <p class="muted">${t('intro')}</p>
    <slot name="form-start"></slot>
    <div class="field">
      <label for="name">${t('name')}</label>
      <input
        part="name-input"
        id="name"
        type="text"
        name="name"
        autocomplete="name"
        enterkeyhint="go"
        dir="auto"
        aria-required="true"
        aria-invalid=${nameIssue !== null}
        aria-describedby="name-issue"
        ?readonly=${busy}
        .value=${name}
        @input=${(event: Event) =>
          controller.setName((event.currentTarget as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => {
          // Enter that picks an input method's suggestion must not submit
          if (event.key === 'Enter' && event.isComposing) event.preventDefault();
        }}
      />
      <span id="name-issue" class="issue" aria-live="polite"
        >${nameIssue === null ? nothing : t(`name.${nameIssue}`, { n: DISPLAY_NAME_MAX })}</span
      >
    </div>
    ${captchaView(controller)}
    <slot name="form-end"></slot>
    ${errorView(controller)} ${controller.calls?.extras?.formExtras(controller)}
    ${busy ? html`<p class="muted">${controller.statusText}</p>` : nothing}
    <div class="row">
      <button
        part="call-action"
        class="primary"
        type="submit"
        @click=${submit}
        aria-disabled=${busy || elsewhere ? 'true' : nothing}
        @pointerenter=${() => controller.calls?.call.warm()}
        @focus=${() => controller.calls?.call.warm()}
      >
        ${busy ? html`<span class="spinner"></span>` : handsetIcon()}
        <span>${t(busy ? 'loading' : video ? 'call.video' : 'call.audio')}</span>
      </button>
      ${
        video && !busy
          ? html`<button
              part="no-camera"
              type="button"
              class="secondary"
              aria-disabled=${elsewhere ? 'true' : nothing}
              @click=${() => void controller.submit(false)}
            >
              ${t('call.no-camera')}
            </button>`
          : nothing
      }
      ${
        busy
          ? html`<button type="button" class="secondary" @click=${() => controller.calls?.hangUp()}>
              ${t('cancel')}
            </button>`
          : nothing
      }
    </div>
  </form>`;
}
