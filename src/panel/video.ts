/**
 * What only a call with pictures needs: their views, words and styles, and full screen. One chunk, loaded beside the
 * engine where pictures are offered from the start, else as soon as either side offers one.
 */
export { enVideo } from '../i18n/en-video.js';
export { videoStyles } from '../styles/video.styles.js';
export { fillScreen } from './fullscreen.js';
export {
  cameraRemedy,
  ownView,
  questionView,
  remoteView,
  videoControls,
} from './views/video-view.js';

export type VideoModule = typeof import('./video.js');

/** What the page's `::part()` reaches beside a call by voice. */
export const PARTS =
  ',remote-video,self-view,self-view-move,mute-video,fullscreen,picture-in-picture,self-view-toggle';
