/** The libraries that the element is compared with, and the pages that use them. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';

const folder = fileURLToPath(new URL('.', import.meta.url));
const PAGES = ['element', 'sipjs', 'jssip', 'bare'] as const;
const SCRIPTS = ['probe', 'count', 'soak', ...PAGES] as const;

/** Installs a folder's packages as its lock file says, where they are not. Throws with npm's words where they are not to be had. */
export function installPackages(where: string, what: string): void {
  const modifiedMs = (path: string): number =>
    statSync(where + path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (modifiedMs('node_modules/.package-lock.json') >= modifiedMs('package-lock.json')) return;
  console.error(`Installing ${what} for the comparison …`);
  const { status, stderr } = spawnSync(
    'npm',
    ['ci', '--no-audit', '--no-fund', '--ignore-scripts'],
    {
      cwd: where,
      encoding: 'utf8',
      // npm is a batch file on Windows
      shell: process.platform === 'win32',
    },
  );
  if (status !== 0) throw new Error(`the peers cannot be installed:\n${stderr}`);
}

export function installPeers(): void {
  installPackages(folder, 'SIP.js and JsSIP');
}

const html = (scripts: readonly string[]): string => `<!doctype html><html lang="en">
<meta charset="utf-8"><link rel="icon" href="data:,"><title>bench</title>
<style>video{width:360px;height:270px;object-fit:contain}.own{width:96px;height:72px}.sound{width:0;height:0}</style>
<body>${scripts.map((name) => `<script src="${name}.js"></script>`).join('')}`;

/** Writes the pages, minified as a site would have them, into a folder. */
export async function writePages(into: string): Promise<void> {
  for (const name of SCRIPTS) {
    await build({
      configFile: false,
      logLevel: 'warn',
      publicDir: false,
      build: {
        target: 'chrome125',
        outDir: into,
        emptyOutDir: false,
        minify: true,
        lib: {
          entry: `${folder}pages/${name}.ts`,
          formats: ['iife'],
          name: 'bench',
          fileName: () => `${name}.js`,
        },
      },
    });
  }
  for (const name of PAGES) {
    await writeFile(join(into, `${name}.html`), html(['probe', name]));
    // without the probe, for what a call costs
    await writeFile(join(into, `${name}-plain.html`), html([name]));
  }
  await writeFile(join(into, 'soak.html'), html(['count', 'element', 'soak']));
}
