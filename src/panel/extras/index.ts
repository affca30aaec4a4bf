/**
 * What few visitors see, each a chunk of its own that is loaded when it is first wanted. This one has what they share,
 * and is loaded with the first of them.
 */
import { nothing, type TemplateResult } from 'lit/html.js';
import type { ExtraKey } from '../../i18n/extra/messages.js';
import type { Translate } from '../../i18n/messages.js';
import type { PanelController } from '../controller.js';
import { extraWords } from './words.js';
// shared, see above
import './extra-element.js';
import './remembered.js';

export type ExtrasModule = typeof import('./index.js');

type View = TemplateResult | typeof nothing;

interface Extra {
  view(controller: PanelController, t: Translate<ExtraKey>): View;
}

function createExtra(load: () => Promise<Extra>): (controller: PanelController) => View {
  let loaded: Extra | null = null;
  return (controller) => {
    const t = extraWords(controller);
    if (loaded !== null) return t === null ? nothing : loaded.view(controller, t);
    load().then(
      (extra) => {
        loaded = extra;
        controller.update();
      },
      // the page goes on without it; asked again when something else is drawn
      () => {},
    );
    return nothing;
  };
}

const bar = createExtra(() => import('./bar.js'));
const check = createExtra(() => import('./check.js'));
const permission = createExtra(() => import('./permission.js'));
const rating = createExtra(() => import('./rating.js'));
// blockers of cookie banners block files with consent in their names
const consent = createExtra(() => import('./agreement.js'));
const selfView = createExtra(() => import('./self-view.js'));
const pictureInPicture = createExtra(() => import('./picture-in-picture.js'));
const volume = createExtra(() => import('./volume.js'));

/** Watches the calls of an element; nothing is seen of it. */
interface Follower {
  follow(controller: PanelController): void;
}

function createFollower(load: () => Promise<Follower>): (controller: PanelController) => void {
  let loaded: Follower | null = null;
  return (controller) => {
    if (loaded !== null) {
      loaded.follow(controller);
      return;
    }
    load().then(
      (follower) => {
        loaded = follower;
        follower.follow(controller);
      },
      // calls go on without it; asked again when something else is drawn
      () => {},
    );
  };
}

const deliver = createFollower(() => import('./deliver.js'));
const log = createFollower(() => import('./log.js'));

/**
 * In the form: help with the browser's permission where it is not given, and the check of the devices where the page has
 * the attribute `check`.
 */
export function formExtras(controller: PanelController): View[] {
  const { calls } = controller;
  const { element } = controller.host;
  // before the visitor can call
  if (element.hasAttribute('report-url')) deliver(controller);
  if (element.hasAttribute('log-level')) log(controller);
  return [
    calls?.unasked ? permission(controller) : nothing,
    element.hasAttribute('check') ? check(controller) : nothing,
  ];
}

/** The panel, minimised. */
export function barView(controller: PanelController): View {
  return bar(controller);
}

/** How a call was that was answered: where the page has the attribute `rating`. */
export function ratingView(controller: PanelController): View {
  const { answeredAt } = controller.snapshot;
  const { element } = controller.host;
  return answeredAt !== null && element.hasAttribute('rating') ? rating(controller) : nothing;
}

/** In the form's place while the page wants consent: `controller.needsConsent`. */
export function consentView(controller: PanelController): View {
  return consent(controller);
}

/** Beside the own picture: what moves it, where it lies over the far end's. */
export function stageView(controller: PanelController): View {
  const { calls, snapshot } = controller;
  return calls?.picture && calls.selfView && snapshot.localVideo ? selfView(controller) : nothing;
}

/** Among the controls: what takes the far end's picture out into a window of its own. Firefox has but its own button. */
export function pictureControl(controller: PanelController): View {
  const { pictureInPictureEnabled = false } = document as Partial<Document>;
  return controller.calls?.picture && pictureInPictureEnabled
    ? pictureInPicture(controller)
    : nothing;
}

/** Below the choice of the speaker, where the volume can be set. */
export function volumeView(controller: PanelController): View {
  return controller.snapshot.volume === null ? nothing : volume(controller);
}
