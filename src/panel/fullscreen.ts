import { isLive } from '../call/call-state.js';
import type { CallController } from './call-controller.js';

/** Safari's own full screen of a video, the only one on iPhone (no `requestFullscreen` there as of iOS 18). */
interface WebKitVideo extends HTMLVideoElement {
  webkitEnterFullscreen?(): void;
}

/** The way this browser can do it: the panel, the far end's video alone (iPhone), or filling the window by CSS. */
export async function enterFullscreen(
  panel: HTMLElement,
  video: WebKitVideo | null,
): Promise<'native' | 'video' | 'window'> {
  if (typeof panel.requestFullscreen === 'function' && document.fullscreenEnabled) {
    try {
      await panel.requestFullscreen();
      return 'native';
    } catch {
      // refused, for example without a gesture: the window is still there to fill
      return 'window';
    }
  }
  if (video?.webkitEnterFullscreen && video.readyState > 0) {
    video.webkitEnterFullscreen();
    return 'video';
  }
  return 'window';
}

/** The panel of a call fills the screen, until `leaveFullscreen` or until the browser takes it back. */
export async function fillScreen(calls: CallController, panel: HTMLElement): Promise<void> {
  const video = panel.querySelector<HTMLVideoElement>('[part=remote-video]');
  if ((await enterFullscreen(panel, video)) === 'video') return;
  const left = new AbortController();
  const leave = (): void => {
    left.abort();
    if (document.fullscreenElement !== null) document.exitFullscreen().catch(() => {});
    calls.set('leaveFullscreen', null);
  };
  // over, or minimised, while the browser made up its mind
  if (!isLive(calls.snapshot.state) || !calls.panel.isOpen) {
    leave();
    return;
  }
  document.addEventListener(
    'fullscreenchange',
    () => {
      // left by Escape or by the browser
      if (document.fullscreenElement === null) leave();
    },
    { signal: left.signal },
  );
  calls.set('leaveFullscreen', leave);
}
