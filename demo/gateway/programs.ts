import { findInPath, installPackages, isDebian, packagesNotInstalled } from './debian.js';

/** Program → Debian package. Kamailio's modules come in packages of their own. */
export const PACKAGES = {
  kamailio: [
    'kamailio',
    'kamailio-websocket-modules',
    'kamailio-tls-modules',
    'kamailio-autheph-modules',
    'kamailio-extra-modules',
    'kamailio-redis-modules',
  ],
  rtpengine: ['rtpengine-daemon'],
  turnserver: ['coturn'],
  // a certificate for loopback
  openssl: ['openssl'],
  baresip: ['baresip'],
  sipp: ['sip-tester'],
  'espeak-ng': ['espeak-ng'],
  sox: ['sox'],
} as const;

export type Program = keyof typeof PACKAGES;

/** Its packages that are missing. A program that Debian did not bring has what it needs, or says so itself. */
function missingOf(name: Program): readonly string[] {
  const path = findInPath([name]);
  if (path === null) return packagesNotInstalled(PACKAGES[name]);
  return PACKAGES[name].length > 1 && path.startsWith('/usr/sbin/') && isDebian()
    ? packagesNotInstalled(PACKAGES[name])
    : [];
}

/** Paths of the programs. As root on Debian the missing ones are installed; elsewhere it throws with what to do. */
export function findPrograms<P extends Program>(names: readonly P[]): Record<P, string> {
  const packages = names.flatMap(missingOf);
  if (packages.length > 0 && !installPackages(packages)) {
    throw new Error(
      [
        `The gateway needs ${names.filter((name) => missingOf(name).length > 0).join(', ')} with these packages of Debian or Ubuntu; as root they are installed by themselves:`,
        `  apt-get install ${packages.join(' ')}`,
      ].join('\n'),
    );
  }
  const found = names.map((name): [P, string | null] => [name, findInPath([name])]);
  const still = found.filter(([, path]) => path === null);
  if (still.length > 0) {
    throw new Error(`${still.map(([name]) => name).join(', ')} cannot be found in PATH`);
  }
  return Object.fromEntries(found) as Record<P, string>;
}
