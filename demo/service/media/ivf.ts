import { isKeyframe } from './vp8.js';

export interface VideoFrame {
  readonly data: Buffer;
  readonly key: boolean;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Milliseconds from one frame to the next. */
  readonly frameMs: number;
  /** The first is a key frame. */
  readonly frames: readonly VideoFrame[];
}

/** Reads an IVF file with VP8. Throws on anything else. */
export function parseIvf(file: Buffer): Picture {
  if (file.length < 32 || file.toString('latin1', 0, 4) !== 'DKIF')
    throw new Error('not an IVF file');
  if (file.toString('latin1', 8, 12) !== 'VP80') throw new Error('not VP8');
  const frames: VideoFrame[] = [];
  for (let at = file.readUInt16LE(6); at < file.length;) {
    if (at + 12 > file.length) throw new Error('IVF frame header is cut short');
    const size = file.readUInt32LE(at);
    at += 12;
    if (at + size > file.length) throw new Error('IVF frame is cut short');
    const data = file.subarray(at, at + size);
    frames.push({ data, key: isKeyframe(data) });
    at += size;
  }
  if (frames[0]?.key !== true) throw new Error('IVF file does not start with a key frame');
  return {
    width: file.readUInt16LE(12),
    height: file.readUInt16LE(14),
    frameMs: (1000 * file.readUInt32LE(20)) / file.readUInt32LE(16),
    frames,
  };
}
