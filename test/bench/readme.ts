/** Tables in README.md, between `<!-- NAME -->` and `<!-- /NAME -->`. */
import { readFile, writeFile } from 'node:fs/promises';

const README = new URL('../../README.md', import.meta.url);

/** Throws where README.md has no such section. */
export async function writeSection(name: string, content: string): Promise<void> {
  const between = new RegExp(`(<!-- ${name} -->)[^]*?(<!-- /${name} -->)`);
  const text = await readFile(README, 'utf8');
  if (!between.test(text)) throw new Error(`README.md has no <!-- ${name} --> markers`);
  await writeFile(
    README,
    text.replace(between, (_all, start: string, end: string) => `${start}\n\n${content}\n\n${end}`),
  );
}
