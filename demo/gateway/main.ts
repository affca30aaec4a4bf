/** `npm run gateway`: the demo page and its gate, Kamailio and rtpengine, and telephones behind them. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { TurnOptions } from '../../src/gate/index.js';
import { prepareScript } from '../service/script.js';
import { startBaresip } from './baresip.js';
import { startGateway } from './gateway.js';
import { startCoturn } from './coturn.js';
import { findPort, findPortRange } from './ports.js';
import { findPrograms } from './programs.js';
import { openPageServer } from './site.js';
import { startSipp } from './sipp.js';
import { speak } from './speech.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    // a TURN server too
    turn: { type: 'boolean' },
    // lines of the daemons too
    verbose: { type: 'boolean' },
  },
});

const TURN_PORTS = 400;
const GREETING =
  'You have reached a telephone behind the gateway. Whatever you say is being recorded on this machine.';

function report(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
}

const closing: (() => Promise<unknown>)[] = [];
let stopped: Promise<void> | null = null;

/** In the reverse order of the start. */
function stop(status: number): Promise<void> {
  stopped ??= (async () => {
    // a second signal ends the process as it is
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
    for (const close of closing.reverse()) await close().catch(report);
    process.exit(status);
  })();
  return stopped;
}

/** Waits for nothing once a signal has come. */
function onExit(why: string): void {
  if (stopped !== null) return;
  report(why);
  void stop(1);
}

async function start(): Promise<void> {
  const host = values.host ?? process.env['HOST'] ?? '127.0.0.1';
  const port = Number(values.port ?? process.env['PORT'] ?? '8080');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`"${values.port ?? process.env['PORT']}" is no port`);
  }
  const programs = findPrograms([
    'kamailio',
    'rtpengine',
    'openssl',
    'baresip',
    'sipp',
    'espeak-ng',
    'sox',
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'call-gateway-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const inFolder = async (name: string): Promise<string> => {
    await mkdir(join(folder, name), { recursive: true });
    return join(folder, name);
  };
  const onLine =
    (from: string) =>
    (line: string): void => {
      const call = /NOTICE: <script>: (call \{.*\})/.exec(line)?.[1];
      if (call !== undefined) console.log(call);
      else if (values.verbose === true) console.log(`${from}: ${line}`);
    };

  const speech = join(folder, 'greeting.wav');
  await speak(programs, speech, GREETING, 4, 6);
  const [telephone, control, busy, declined] = await Promise.all(
    [0, 0, 0, 0].map(() => findPort()),
  );
  const baresip = await startBaresip({
    program: programs.baresip,
    folder: await inFolder('baresip'),
    port: telephone!,
    controlPort: control!,
    accounts: [
      { name: 'echo', answer: 'auto', says: speech, video: true },
      { name: 'silent', answer: 'manual', says: speech },
    ],
    onLine: onLine('baresip'),
    onExit,
  });
  closing.push(() => baresip.stop());
  for (const [name, at] of [['busy', busy!] as const, ['declined', declined!] as const]) {
    const sipp = await startSipp({
      program: programs.sipp,
      folder: await inFolder(name),
      scenario: fileURLToPath(new URL(`far-end/${name}.xml`, import.meta.url)),
      port: at,
      onExit,
    });
    closing.push(() => sipp.stop());
  }

  const pages = await openPageServer({ host, port, furtherPorts: 50 });
  closing.push(() => pages.close());
  const secret = (): string => randomBytes(32).toString('base64url');
  const secrets = { jwt: secret(), digest: secret(), altcha: secret(), topology: secret() };
  const at = (name: string, where: number, calls = 10) => ({
    alias: name,
    target: `sip:${name}@127.0.0.1:${where};transport=tcp`,
    calls,
  });
  const aliases = [
    at('echo', telephone!),
    at('silent', telephone!),
    at('busy', busy!),
    at('declined', declined!),
    at('closed', telephone!, 0),
  ];
  const startTurn = async (): Promise<TurnOptions> => {
    const [at, turnSecret] = [await findPort(host), secret()];
    const coturn = await startCoturn({
      program: findPrograms(['turnserver']).turnserver,
      folder: await inFolder('coturn'),
      host,
      port: at,
      relayPorts: { first: findPortRange(TURN_PORTS), count: TURN_PORTS },
      secret: turnSecret,
      onLine: onLine('coturn'),
      onExit,
    });
    closing.push(() => coturn.stop());
    return { urls: [`turn:${host}:${at}`], secret: turnSecret };
  };
  const gateway = await startGateway({
    programs,
    folder,
    host,
    aliases,
    origins: pages.origins.list,
    secrets,
    onLine: (from, line) => onLine(from)(line),
    onExit,
  });
  closing.push(() => gateway.close());
  const turn = values.turn === true ? await startTurn() : null;
  pages.serve({
    sipUrl: gateway.sipUrl,
    aliases: aliases.map(({ alias }) => alias),
    captcha: { provider: 'altcha' },
    secrets,
    ...(turn === null ? {} : { gate: { turn } }),
    dist: prepareScript,
    onFault: report,
  });
  const watcher = watch(gateway.kamailio.aliasesFile, () => {
    gateway.kamailio
      .rpc('htable.reload', 'aliases')
      .then(() => console.log('aliases: read again'), report);
  });
  closing.push(() => {
    watcher.close();
    return Promise.resolve();
  });

  console.log(`Open ${pages.url}`);
  console.log(`Aliases:    ${gateway.kamailio.aliasesFile} (read again when it changes)`);
  console.log(`Counters:   ${gateway.adminUrl}/metrics, health: ${gateway.adminUrl}/health`);
  console.log(`Recordings: ${baresip.recordings} (deleted at the end)`);
  // ready before the first visitor asks for it
  prepareScript().catch(report);
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop(0));
try {
  await start();
} catch (error) {
  report(error);
  await stop(1);
}
