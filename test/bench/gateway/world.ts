/** The reference gateway for its benchmark, and a PBX behind it that answers at once and returns what it hears. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway, type Gateway } from '../../../demo/gateway/gateway.js';
import type { Settings } from '../../../demo/gateway/kamailio.js';
import { findPort } from '../../../demo/gateway/ports.js';
import { findPrograms } from '../../../demo/gateway/programs.js';
import { startSipp } from '../../../demo/gateway/sipp.js';
import { SECRETS } from '../../service/sip-client.js';

export const ALIAS = 'bench';
const ORIGIN = 'http://bench.example';

/** Callers come from few addresses here: only what a test of limits sets is one. */
const UNLIMITED: Settings = {
  LIMIT_MESSAGES: 1_000_000,
  LIMIT_CALLS_ADDRESS: 100_000,
  LIMIT_CALLS_ALL: 100_000,
  LIMIT_SOCKETS_ADDRESS: 100_000,
};

const LINES_KEPT = 20;

export type Codec = 'opus' | 'pcmu';
const LINES: Record<Codec, string> = {
  opus: '111\na=rtpmap:111 opus/48000/2',
  pcmu: '0\na=rtpmap:0 PCMU/8000',
};

export interface BenchWorld {
  /** As `connect` of the tests takes it. */
  readonly service: { readonly url: string; readonly sipUrl: string };
  readonly gateway: Gateway;
  /** What Kamailio and rtpengine wrote last. */
  readonly lines: readonly string[];
  close(): Promise<void>;
}

export interface BenchWorldOptions {
  /** What the PBX speaks. */
  readonly codec: Codec;
  /** Answers before the PBX does. */
  readonly early: boolean;
  /** Default: none that a benchmark would reach. */
  readonly limits?: Settings;
}

export async function startBenchWorld({
  codec,
  early,
  limits = UNLIMITED,
}: BenchWorldOptions): Promise<BenchWorld> {
  const programs = findPrograms(['kamailio', 'rtpengine', 'sipp']);
  const folder = await mkdtemp(join(tmpdir(), 'call-gateway-bench-'));
  const failures: string[] = [];
  const lines: string[] = [];
  const onExit = (why: string): void => void failures.push(why);
  const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
    if (failures.length > 0) throw new Error(failures.join('\n'));
  };
  try {
    const far = join(folder, 'far');
    await mkdir(far);
    const scenario = join(far, 'answer.xml');
    const text = await readFile(new URL('answer.xml', import.meta.url), 'utf8');
    await writeFile(scenario, text.replace('AVP CODEC', `AVP ${LINES[codec]}`));
    const [port, mediaPort] = await Promise.all([findPort(), findPort()]);
    const sipp = await startSipp({
      program: programs.sipp,
      folder: far,
      scenario,
      port,
      args: ['-mi', '127.0.0.1', '-mp', String(mediaPort), '-rtp_echo'],
      onExit,
    });
    closing.push(() => sipp.stop());
    const gateway = await startGateway({
      programs,
      folder,
      aliases: [
        { alias: ALIAS, target: `sip:far@127.0.0.1:${port};transport=tcp`, calls: 100_000 },
      ],
      origins: [ORIGIN],
      secrets: { ...SECRETS, topology: 'topology-key-of-the-benchmark' },
      settings: limits,
      flags: early ? ['WITH_EARLY_ANSWER'] : [],
      mediaPorts: 10_000,
      onLine: (from, line) => {
        if (lines.push(`${from}: ${line}`) > LINES_KEPT) lines.shift();
      },
      onExit,
    });
    closing.push(() => gateway.close());
    return { service: { url: `${ORIGIN}/`, sipUrl: gateway.sipUrl }, gateway, lines, close };
  } catch (error) {
    await close();
    throw error;
  }
}
