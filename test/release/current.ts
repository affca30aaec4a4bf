/** The public interface as the code has it now. */
import type { Manifest } from '../support/readme-tables.js';
import { describeApi, type Api, type PackageJson } from './api.js';
import { exportedNames } from './entries.js';

/** Committed with the code, so that a change of it is seen in review and each tag has its own. */
export const API_FILE = 'test/release/api.json';

export function currentApi(manifest: Manifest, packageJson: PackageJson): Api {
  return describeApi(manifest, packageJson, exportedNames(packageJson));
}
