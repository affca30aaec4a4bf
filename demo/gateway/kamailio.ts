import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startDaemon, type Daemon } from './daemon.js';

const CONFIGURATION = fileURLToPath(new URL('kamailio/', import.meta.url));

/** Names and values of `site.example.cfg`. */
export type Settings = Readonly<Record<string, string | number>>;

export interface Alias {
  readonly alias: string;
  /** SIP URI on the PBX. */
  readonly target: string;
  /** Calls at a time; 0 closes it. */
  readonly calls: number;
}

/** The example with other values, so that both always have the same names. `flags` are defined, all others not. */
export function fillSite(example: string, settings: Settings, flags: readonly string[]): string {
  let text = example;
  for (const [name, value] of Object.entries(settings)) {
    const line = new RegExp(`^(#!substdef "!${name}!)[^!]*(!g")$`, 'm');
    if (!line.test(text)) throw new Error(`site.example.cfg has no ${name}`);
    if (/[!"\n]/.test(String(value))) throw new Error(`${name} has a character it cannot have`);
    text = text.replace(line, (_all, before: string, after: string) => `${before}${value}${after}`);
  }
  return text
    .replace(/^#+(!define) (WITH_\w+)$/gm, (_all, define: string, flag: string) =>
      flags.includes(flag) ? `#${define} ${flag}` : `##${define} ${flag}`,
    )
    .replace('include_file "', () => `include_file "${CONFIGURATION}`);
}

const table = (columns: string, rows: readonly (readonly (string | number)[])[]): string =>
  `${[columns, ...rows.map((row) => row.join('|'))].join('\n')}\n`;

export interface KamailioOptions {
  readonly program: string;
  readonly folder: string;
  readonly settings: Settings;
  readonly flags: readonly string[];
  readonly aliases: readonly Alias[];
  readonly origins: readonly string[];
  /** `http://127.0.0.1:9088` */
  readonly adminUrl: string;
  readonly onLine: (line: string) => void;
  readonly onExit: (why: string) => void;
}

export interface Kamailio extends Daemon {
  /** The file that an administrator edits. */
  readonly aliasesFile: string;
  /** Ends it, and starts it again with the same configuration. */
  restart(): Promise<void>;
  /** As `kamcmd` does it. */
  rpc(...command: readonly string[]): Promise<string>;
  setAliases(aliases: readonly Alias[]): Promise<void>;
}

export async function startKamailio(options: KamailioOptions): Promise<Kamailio> {
  const { folder } = options;
  const tables = join(folder, 'tables');
  await mkdir(tables, { recursive: true });
  const aliasesFile = join(tables, 'aliases');
  const writeAliases = (aliases: readonly Alias[]): Promise<void> =>
    writeFile(
      aliasesFile,
      table(
        'alias(str) target(str) calls(int)',
        aliases.map(({ alias, target, calls }) => [alias, target, calls]),
      ),
    );
  await writeAliases(options.aliases);
  await writeFile(
    join(tables, 'origins'),
    table(
      'origin(str) remark(str)',
      options.origins.map((origin) => [origin, 'demo']),
    ),
  );
  const example = await readFile(join(CONFIGURATION, 'site.example.cfg'), 'utf8');
  const settings = { ...options.settings, TABLES_FOLDER: tables, RUN_FOLDER: folder };
  const file = join(folder, 'kamailio.cfg');
  await writeFile(file, fillSite(example, settings, options.flags), { mode: 0o600 });

  const launch = (): Promise<Daemon> =>
    startDaemon({
      name: 'kamailio',
      program: options.program,
      // -DD: in the foreground, with its workers
      args: ['-DD', '-E', '-m', '128', '-M', '16', '-Y', folder, '-f', file],
      folder,
      onLine: options.onLine,
      onExit: options.onExit,
      ready: async () =>
        fetch(`${options.adminUrl}/health`).then(
          ({ ok }) => ok,
          () => false,
        ),
    });
  let daemon = await launch();
  const rpc = async (...command: readonly string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(join(dirname(options.program), 'kamcmd'), [
      '-s',
      `unix:${join(folder, 'kamailio_ctl')}`,
      ...command,
    ]);
    return stdout;
  };
  return {
    get pid() {
      return daemon.pid;
    },
    stop: () => daemon.stop(),
    async restart() {
      await daemon.stop();
      daemon = await launch();
    },
    aliasesFile,
    rpc,
    async setAliases(aliases) {
      await writeAliases(aliases);
      await rpc('htable.reload', 'aliases');
    },
  };
}
