/** The reference gateway as the element's benchmark calls it: telephones behind it, and a gate without a CAPTCHA. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startBaresip, type BaresipEvent } from '../../demo/gateway/baresip.js';
import { startGateway } from '../../demo/gateway/gateway.js';
import { findPort } from '../../demo/gateway/ports.js';
import { findPrograms } from '../../demo/gateway/programs.js';
import { openPageServer } from '../../demo/gateway/site.js';
import type { GateOverrides } from '../../demo/service/gate.js';
import { prepareScript } from '../../demo/service/script.js';
import { SECRETS } from '../service/sip-client.js';
import type { Gateway } from './options.js';

/** The gateway's ringback sounds for two seconds of six: what is heard after that is the telephone. */
const RINGING_MS = 3_000;
const SOUND_SECONDS = 600;

/** Calls come from one address here. */
const ROOMY = {
  LIMIT_MESSAGES: 20_000,
  LIMIT_CALLS_ADDRESS: 100,
  LIMIT_SOCKETS_ADDRESS: 500,
};

export interface Reference extends Gateway {
  close(): Promise<void>;
}

export async function startReference(
  pageOrigin: string,
  limits: NonNullable<GateOverrides['limits']>,
): Promise<Reference> {
  const programs = findPrograms(['kamailio', 'rtpengine', 'baresip', 'sox']);
  const folder = await mkdtemp(join(tmpdir(), 'call-gateway-bench-'));
  const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const failures: string[] = [];
  const onExit = (why: string): void => void failures.push(why);
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
    if (failures.length > 0) throw new Error(failures.join('\n'));
  };
  try {
    // from the first sample on: a pause would be nobody's delay
    const sound = join(folder, 'sound.wav');
    const format = ['-n', '-r', '48000', '-c', '2', '-b', '16'];
    await promisify(execFile)(programs.sox, [
      ...[...format, sound, 'synth', String(SOUND_SECONDS), 'sine', '440', 'gain', '-6'],
    ]);
    const [port, controlPort] = await Promise.all([findPort(), findPort()]);
    const telephone = await startBaresip({
      program: programs.baresip,
      folder: join(folder, 'baresip'),
      port,
      controlPort,
      accounts: [
        { name: 'bench', answer: 'auto', says: sound, video: true },
        { name: 'bench-early', answer: 'manual', says: sound },
      ],
      onLine: () => {},
      onEvent: ({ type, accountaor }: BaresipEvent) => {
        if (type !== 'CALL_INCOMING' || accountaor?.includes('bench-early') !== true) return;
        setTimeout(() => telephone.command('accept'), RINGING_MS);
      },
      onExit,
    });
    closing.push(() => telephone.stop());
    const pages = await openPageServer({ host: '127.0.0.1', port: 0, origins: [pageOrigin] });
    closing.push(() => pages.close());
    const aliases = ['bench', 'bench-early'].map((alias) => ({
      alias,
      target: `sip:${alias}@127.0.0.1:${port};transport=tcp`,
      calls: 100,
    }));
    const gateway = await startGateway({
      programs,
      folder,
      aliases,
      origins: pages.origins.list,
      secrets: { ...SECRETS, topology: 'topology-key-of-the-benchmark' },
      settings: ROOMY,
      onExit,
    });
    closing.push(() => gateway.close());
    pages.serve({
      sipUrl: gateway.sipUrl,
      aliases: aliases.map(({ alias }) => alias),
      captcha: { provider: 'none' },
      secrets: SECRETS,
      gate: { limits },
      dist: prepareScript,
      onFault: (error) => failures.push(String(error)),
    });
    return {
      url: gateway.sipUrl,
      gate: pages.gateUrl,
      origin: new URL(pages.url).origin,
      domain: '127.0.0.1',
      target: 'bench',
      earlyTarget: 'bench-early',
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
