/** What git knows of this and of earlier versions. */
import { rcompare, valid } from 'semver';
import { output, run } from '../support/package.js';
import type { Api } from './api.js';

export const tagOf = (version: string): string => `v${version}`;

/** What would be published and is in no commit: lines of `git status`. */
export async function uncommitted(root: string): Promise<readonly string[]> {
  const text = await output('git', ['status', '--porcelain'], root);
  return text.split('\n').filter((line) => line !== '');
}

/** The newest version that has a tag and leads here; `null` before the first one. */
export async function lastVersion(root: string): Promise<string | null> {
  const text = await output('git', ['tag', '--list', 'v*', '--merged', 'HEAD'], root);
  const versions = text.split('\n').flatMap((tag) => valid(tag.slice(1)) ?? []);
  return versions.sort(rcompare)[0] ?? null;
}

export async function isTagged(root: string, version: string): Promise<boolean> {
  return (await output('git', ['tag', '--list', tagOf(version)], root)).trim() !== '';
}

/** The public interface as it was committed with `ref`. Throws where that has none. */
export async function apiAt(root: string, ref: string, path: string): Promise<Api> {
  const { code, stdout, stderr } = await run('git', ['show', `${ref}:${path}`], root);
  if (code !== 0) throw new Error(`${ref} has no ${path}: ${stderr.trim()}`);
  return JSON.parse(stdout) as Api;
}
