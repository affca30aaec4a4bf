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
