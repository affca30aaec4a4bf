import { captchaStyles } from '../../src/styles/captcha.styles.js';
import { callStyles } from '../../src/styles/call.styles.js';
import { videoStyles } from '../../src/styles/video.styles.js';
import { panelStyles } from '../../src/styles/panel.styles.js';
import { isInCall } from '../../src/call/call-state.js';
import { type CallSnapshot, IDLE_SNAPSHOT } from '../../src/call/snapshot.js';
import type { CallController } from '../../src/panel/call-controller.js';
import type { PanelController } from '../../src/panel/controller.js';
import * as video from '../../src/panel/video.js';
import { captchaView } from '../../src/panel/views/captcha-view.js';
import { hangUp, muteAudio } from '../../src/panel/views/controls-view.js';
import { noticeView } from '../../src/panel/views/notice-view.js';
import { en } from '../../src/i18n/en.js';
import { formatDuration } from '../../src/i18n/time.js';
import { createTranslate } from '../../src/i18n/messages.js';
import { render, type TemplateResult } from 'lit';

/** The form's controller and the call's in one: a view reads either. */
type Both = PanelController & CallController;
type Fake = { -readonly [K in keyof Both]?: unknown };

/** What a view reads of a controller, at one moment; presses are recorded by name. */
export function fakeController(
  snapshot: Partial<CallSnapshot>,
  more: Fake = {},
): { controller: Both; presses: string[] } {
  const presses: string[] = [];
  const record =
    (name: string) =>
    (...values: unknown[]): void =>
      void presses.push([name, ...values].join(' '));
  const t = createTranslate({ messages: en, locale: 'en' }, en, {});
  const whole: CallSnapshot = { ...IDLE_SNAPSHOT, ...snapshot };
  const fake: Fake = {
    t,
    clock: (ms: number) => formatDuration(ms),
    snapshot: whole,
    config: { media: 'video', captcha: 'altcha' },
    host: {
      tel: () => 'tel:+1555',
      anchor: document.createElement('button'),
      element: Object.assign(document.createElement('div'), { strings: {} }),
    },
    language: { locale: 'en' },
    update: record('update'),
    statusText:
      whole.state === 'idle' || whole.state === 'ended' || whole.state === 'unavailable'
        ? ''
        : t(`status.${whole.state}`),
    name: 'Ada',
    nameIssue: null,
    error: null,
    elsewhere: false,
    failed: false,
    captcha: null,
    captchaView,
    keypadOpen: false,
    devicesView: null,
    digits: '',
    selfView: true,
    corner: 'start-end',
    volume: null,
    isFullscreen: false,
    video,
    get picture() {
      const { remoteVideo, state } = fake.snapshot as CallSnapshot;
      return remoteVideo && isInCall(state);
    },
    extras: null,
    unasked: false,
    needsConsent: false,
    weakLine: { advise: whole.quality?.level === 'poor' || whole.quality?.level === 'bad' },
    diagnostics: null,
    time: '1:01',
    call: {
      warm: record('warm'),
      localStream: null,
      remoteStream: null,
      setAudioMuted: record('audio-muted'),
      setVideoMuted: record('video-muted'),
      answerVideo: record('answer-video'),
      chooseDevice: record('choose-device'),
      setVolume: record('set-volume'),
      playSound: record('play-sound'),
      dismissNotice: record('dismiss'),
    },
    engine: { noticeView, muteAudio, hangUp },
    set: record('set'),
    restore: record('restore'),
    dismiss: record('dismiss bar'),
    setName: record('set name'),
    pressKey: record('key'),
    hangUp: record('hang-up'),
    submit: record('submit'),
    again: record('again'),
    retryCaptcha: record('retry-captcha'),
    dismissAdvice: record('dismiss-advice'),
    toggleFullscreen: record('fullscreen'),
    toggleDevices: record('devices'),
    copyDiagnostics: record('copy-diagnostics'),
    ...more,
  };
  fake.calls = fake.panel = fake;
  return { controller: fake as unknown as Both, presses };
}

/** Renders a view as the panel does: in a shadow root, in its dialog, with its styles. */
export function mountView(view: TemplateResult): ShadowRoot {
  const host = document.createElement('div');
  document.body.append(host);
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [panelStyles, callStyles, captchaStyles, videoStyles];
  const section = document.createElement('section');
  section.className = 'panel';
  section.setAttribute('role', 'dialog');
  section.setAttribute('aria-label', 'Call us');
  root.append(section);
  render(view, section);
  return root;
}
