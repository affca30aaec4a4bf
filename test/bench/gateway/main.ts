/**
 * `npm run bench:gateway`: what Kamailio and rtpengine hold on this machine, what a call costs them, and what a flood
 * does to a good call; what the gate issues. Callers, PBX and gateway share the processors, so the callers' part is
 * measured too: where they are the limit, the table says so by their load.
 *
 * Callers speak SIP over WebSocket; in the parts about capacity each has ICE, DTLS and SRTP by libdatachannel and sends
 * a recording, which the PBX (SIPp) returns. In all other parts there is signalling alone: rtpengine opens its ports
 * and gets no packets.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { writeSection } from '../readme.js';
import { measureCapacity } from './capacity.js';
import { measureFlood } from './flood.js';
import { measureGate } from './gate.js';
import { measureRate } from './rate.js';
import { keepResults, missing, readResults, report, type Results } from './results.js';

const MEASURES = {
  relay: async (most: number) => ({ relay: await measureCapacity('opus', false, most, 40) }),
  transcoding: async (most: number) => ({
    transcoding: await measureCapacity('pcmu', true, most, 10),
  }),
  rate: async () => ({ rate: await measureRate() }),
  flood: async () => ({ flood: await measureFlood() }),
  gate: async () => ({ gate: await measureGate() }),
} as const;
type Part = keyof typeof MEASURES;
const PARTS = Object.keys(MEASURES) as Part[];

const USAGE = `npm run bench:gateway -- [options]

  --only PARTS   some of ${PARTS.join(',')}
  --calls N      calls at a time beyond which no more are tried (1000)
  --write        put the tables into README.md: needs results of every part, of this run or of earlier ones
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: PARTS.join(',') },
    calls: { type: 'string', default: '1000' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function run(): Promise<void> {
  const calls = Number(values.calls);
  if (!Number.isInteger(calls) || calls < 1) throw new Error('--calls needs a number from 1 on');
  const parts = values.only.split(',').map((name) => {
    const found = PARTS.find((part) => part === name);
    if (found === undefined) throw new Error(`--only: there is no "${name}"`);
    return found;
  });
  const machine = `${cpus().length} processors (${cpus()[0]?.model.trim() ?? process.arch}), Node.js ${process.versions.node}, ${process.platform}.`;
  let results: Results = { ...(await readResults()), machine };
  for (const part of parts) {
    console.error(`${new Date().toISOString()} ${part} …`);
    results = { ...results, ...(await MEASURES[part](calls)) };
    await keepResults(results);
  }
  console.log(report(results));
  if (!values.write) return;
  const still = missing(results);
  if (still.length > 0) throw new Error(`not measured yet: ${still.join(', ')}`);
  await writeSection('bench:gateway', report(results));
}

if (values.help) console.log(USAGE);
else await run();
