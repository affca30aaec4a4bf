import { html, nothing, type TemplateResult } from 'lit';
import type { PhoneSnapshot } from '../../../src/call/phone-snapshot.js';
import { formatDuration } from '../../../src/i18n/time.js';
import { handsetIcon } from '../../../src/panel/views/icons.js';
import { nameOf, noticeWords } from '../words.js';
import { contextView, digitsView } from './caller-view.js';
import type { Desk } from './desk.js';
import { picture, type PictureName, strings } from './parts.js';

/** One line: who hears whom. */
function status({ state, holding, heldByCaller, busyWith, reconnecting }: PhoneSnapshot): string {
  if (state === 'ending') return 'Hanging up…';
  if (busyWith === 'transfer') return 'Handing over to the menu…';
  if (reconnecting) return 'Connection lost. Reconnecting…';
  if (holding) return 'On hold: they hear nothing, and neither do you';
  if (heldByCaller) return 'They have put you on hold';
  return 'In call';
}

interface Control {
  readonly name: PictureName;
  readonly text: string;
  readonly disabled: boolean;
  readonly on?: boolean;
  run(): void;
}

// the text says what a press will do, so a pressed state beside it would contradict
const control = ({ name, text, disabled, on, run }: Control): TemplateResult =>
  html`<button
    class=${`control ${on === true ? 'on' : ''}`}
    type="button"
    ?disabled=${disabled}
    @click=${run}
  >
    ${picture(name)}<span>${text}</span>
  </button>`;

function controls({ phone, snapshot }: Desk): TemplateResult {
  const { state, holding, audioMuted, localVideo, videoPossible, busyWith } = snapshot;
  const ending = state === 'ending';
  const busy = ending || busyWith !== null;
  const all: (Control | false)[] = [
    {
      name: holding ? 'resume' : 'hold',
      text: holding ? 'Resume' : 'Hold',
      disabled: busy,
      on: holding,
      run: () => void phone.setHold(!holding),
    },
    {
      name: audioMuted ? 'microphone-off' : 'microphone',
      text: audioMuted ? 'Unmute' : 'Mute',
      disabled: ending,
      on: audioMuted,
      run: () => phone.setAudioMuted(!audioMuted),
    },
    videoPossible && {
      name: localVideo ? 'camera' : 'camera-off',
      text: localVideo ? 'Camera off' : 'Camera on',
      disabled: busy || holding,
      run: () => void phone.setVideoMuted(localVideo),
    },
    {
      name: 'handover',
      text: 'Hand over to menu',
      disabled: busy,
      run: () => void phone.transfer('menu'),
    },
  ];
  return html`<div class="controls">
    ${all.map((each) => (each === false ? nothing : control(each)))}
    <button
      class="control hang-up"
      type="button"
      ?disabled=${ending}
      @click=${() => phone.hangUp()}
    >
      ${handsetIcon()}<span>Hang up</span>
    </button>
  </div>`;
}

function notice({ phone, snapshot }: Desk): TemplateResult | typeof nothing {
  if (snapshot.notice === null) return nothing;
  const sound = snapshot.notice === 'sound-blocked';
  return html`<p class="trouble" role="alert">
    ${noticeWords(snapshot.notice)}
    <button
      class="text"
      type="button"
      @click=${() => (sound ? phone.playSound() : phone.dismissNotice())}
    >
      ${sound ? 'Turn it on' : 'Dismiss'}
    </button>
  </p>`;
}

/** Answered: their picture or their name, the clock, and what can be done. */
export function talkView(desk: Desk): TemplateResult {
  const { phone, snapshot } = desk;
  const { caller, answeredAt, remoteVideo, localVideo, holding, heldByCaller } = snapshot;
  const held = holding || heldByCaller;
  const seen = remoteVideo && !held;
  const shown = localVideo && !holding;
  return html`<section class="stage talk" aria-labelledby="title">
      <div class="picture" ?hidden=${!seen && !shown}>
        <video
          class="remote"
          playsinline
          autoplay
          .muted=${true}
          aria-label="Picture of the caller"
          ?hidden=${!seen}
          .srcObject=${phone.remoteStream}
        ></video>
        <video
          class="own"
          playsinline
          autoplay
          .muted=${true}
          aria-label="Your own picture"
          ?hidden=${!shown}
          .srcObject=${phone.localStream}
        ></video>
      </div>
      ${seen || shown ? nothing : strings(held ? 'damped' : 'still')}
      <h1 id="title" tabindex="-1" dir="auto">${nameOf(caller)}</h1>
      <p class="lead">
        <span role="status">${status(snapshot)}</span>
        <span class="clock" role="timer" aria-label="Duration"
          >${formatDuration(answeredAt === null ? 0 : Date.now() - answeredAt)}</span
        >
      </p>
      ${notice(desk)} ${controls(desk)}
    </section>
    <aside class="card" aria-label="About this call">
      ${digitsView(snapshot)} ${contextView(snapshot)}
    </aside>`;
}
