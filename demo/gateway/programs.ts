import { findInPath, installPackages } from './debian.js';

/** Program → Debian package. Kamailio's modules come in packages of their own. */
const PACKAGES = {
  kamailio: [
    'kamailio',
    'kamailio-websocket-modules',
    'kamailio-tls-modules',
    'kamailio-autheph-modules',
    'kamailio-extra-modules',
    'kamailio-redis-modules',
  ],
  rtpengine: ['rtpengine-daemon'],
  baresip: ['baresip'],
  sipp: ['sip-tester'],
  'espeak-ng': ['espeak-ng'],
  sox: ['sox'],
} as const;

export type Program = keyof typeof PACKAGES;

/** Paths of the programs. As root on Debian the missing ones are installed; elsewhere it throws with what to do. */
export function findPrograms<P extends Program>(names: readonly P[]): Record<P, string> {
  const missing = names.filter((name) => findInPath([name]) === null);
  const packages = missing.flatMap((name) => PACKAGES[name]);
  if (packages.length > 0 && !installPackages(packages)) {
    throw new Error(
      `The gateway needs ${missing.join(', ')}. On Debian or Ubuntu:\n  apt-get install ${packages.join(' ')}`,
    );
  }
  const found = names.map((name): [P, string | null] => [name, findInPath([name])]);
  const still = found.filter(([, path]) => path === null);
  if (still.length > 0) {
    throw new Error(`${still.map(([name]) => name).join(', ')} cannot be found in PATH`);
  }
  return Object.fromEntries(found) as Record<P, string>;
}
