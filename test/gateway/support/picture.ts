/** Pictures, as small as to be compared: what moves in them a little does not matter. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { until } from '../../support/until.js';

const WIDTH = 32;
const HEIGHT = 24;

/** Red, green and blue of 32 × 24 points, 0 to 255. */
export type Picture = readonly number[];

export type Source =
  | { readonly png: string }
  /** Of the call in the page: its own camera, or the far end's picture. */
  | { readonly of: 'camera' | 'far end' };

/** A file that somebody is still writing has no end. */
export async function readPng(file: string): Promise<string> {
  const data = await until(async () => {
    const bytes = await readFile(file).catch(() => Buffer.alloc(0));
    return bytes.includes('IEND') ? bytes : null;
  });
  return `data:image/png;base64,${data.toString('base64')}`;
}

/** Decoded and drawn by the browser. */
export const look = (page: Page, source: Source): Promise<Picture> =>
  page.evaluate(
    async ({ source, width, height }) => {
      const context = new OffscreenCanvas(width, height).getContext('2d')!;
      if ('png' in source) {
        const image = new Image();
        image.src = source.png;
        await image.decode();
        context.drawImage(image, 0, 0, width, height);
      } else {
        const video = document.createElement('video');
        video.muted = true;
        const peer = kept.peers.filter(({ signalingState }) => signalingState !== 'closed').at(-1)!;
        const track = [...(source.of === 'camera' ? peer.getSenders() : peer.getReceivers())]
          .map(({ track }) => track)
          .find((track) => track?.kind === 'video')!;
        video.srcObject = new MediaStream([track]);
        await video.play();
        context.drawImage(video, 0, 0, width, height);
        video.srcObject = null;
      }
      const { data } = context.getImageData(0, 0, width, height);
      return [...data].filter((_, i) => i % 4 < 3);
    },
    { source, width: WIDTH, height: HEIGHT },
  );

/** Mean difference of their points, 0 (the same) to 255. */
export const difference = (a: Picture, b: Picture): number =>
  a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;

/** Mean difference from its own mean: 0 is one colour all over. */
export function contrast(picture: Picture): number {
  const mean = [0, 1, 2].map(
    (channel) =>
      picture.filter((_, i) => i % 3 === channel).reduce((sum, value) => sum + value, 0) /
      (picture.length / 3),
  );
  return difference(
    picture,
    picture.map((_, i) => mean[i % 3]!),
  );
}
