import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Speaks `text` into a WAV file, 48 kHz stereo, `times` times, each followed by `silence` seconds of nothing. */
export async function speak(
  programs: { readonly 'espeak-ng': string; readonly sox: string },
  file: string,
  text: string,
  silence = 1,
  times = 1,
): Promise<void> {
  const raw = `${file}.raw.wav`;
  await run(programs['espeak-ng'], ['-s', '150', '-w', raw, text]);
  await run(programs.sox, [
    ...[raw, '-r', '48000', '-c', '2', '-b', '16', file],
    ...['norm', '-3', 'pad', '0', String(silence), 'repeat', String(times - 1)],
  ]);
  await rm(raw, { force: true });
}
