import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the diet was made for: version, and SHA-256 of names and texts of all modules. */
const VERSION = '0.21.2';
const FINGERPRINT = '69fd38650a9bf4e2a1412fb2c0bb1595dfb0ff08debd971d729c58318a777d02';

/** Throws unless `folder` holds the SIP.js the diet was made for, to the letter. */
export function checkPin(folder: string): void {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const lib = join(folder, 'lib');
  const hash = createHash('sha256');
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.js')).sort()) {
    hash.update(`${file.replaceAll('\\', '/')}\n`).update(readFileSync(join(lib, file)));
  }
  const fingerprint = hash.digest('hex');
  if (version === VERSION && fingerprint === FINGERPRINT) return;
  throw new Error(
    `The diet is made for sip.js ${VERSION} (${FINGERPRINT}), but here is ${version} (${fingerprint}). ` +
      'Check every cut against the new text, run test/sip with and without the diet, then change pin.ts.',
  );
}
