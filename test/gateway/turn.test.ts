/** A visitor who may only relay: coturn takes the credentials that came with the pass, and leads to rtpengine alone. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { startCoturn } from '../../demo/gateway/coturn.js';
import type { Daemon } from '../../demo/gateway/daemon.js';
import { findPort, findPortRange } from '../../demo/gateway/ports.js';
import { findPrograms } from '../../demo/gateway/programs.js';
import { useBefore } from '../support/hooks.js';
import { until } from '../support/until.js';
import { useCaller, useGateway, useTelephone } from './support/use-world.js';

const SECRET = 'turn-secret-of-the-tests-0123456789abcdef';
const run = promisify(execFile);

const telephone = useTelephone({ name: 'talk', answer: 'auto' });
let port: number;
let coturn: Daemon;
const lines: string[] = [];
useBefore(async () => {
  port = await findPort();
  coturn = await startCoturn({
    program: findPrograms(['turnserver']).turnserver,
    folder: join(telephone.speech.folder, 'coturn'),
    host: '127.0.0.1',
    port,
    relayPorts: { first: findPortRange(100), count: 100 },
    secret: SECRET,
    onLine: (line) => lines.push(line),
    onExit: (why) => lines.push(why),
  });
});
after(async () => {
  if (process.env['GATEWAY_LOG'] !== undefined) console.error(lines.join('\n'));
  await coturn.stop();
});
const world = useGateway(() => ({
  aliases: telephone.aliases,
  gate: { turn: { urls: [`turn:127.0.0.1:${port}`], secret: SECRET } },
}));
const { openPage } = useCaller(world, telephone);

describe('a call that may only relay', () => {
  it('has its media through the TURN server, with the credentials of its pass', async () => {
    const { page, dial, waitForState, errors } = await openPage({
      attributes: { target: 'talk', 'ice-transport-policy': 'relay' },
    });
    await dial();
    await waitForState('established');
    const pair = await until(() =>
      page.evaluate(async () => {
        const peer = kept.peers.filter(({ signalingState }) => signalingState !== 'closed').at(-1)!;
        const reports = [
          ...((await peer.getStats()).values() as Iterable<Record<string, unknown>>),
        ];
        const heard = reports.find(({ type }) => type === 'inbound-rtp');
        const transport = reports.find(({ type }) => type === 'transport');
        const chosen = reports.find(({ id }) => id === transport?.['selectedCandidatePairId']);
        const local = reports.find(({ id }) => id === chosen?.['localCandidateId']);
        if (Number(heard?.['packetsReceived'] ?? 0) < 50 || local === undefined) return null;
        return { type: local['candidateType'], sdp: peer.localDescription!.sdp };
      }),
    );
    assert.equal(pair.type, 'relay');
    assert.doesNotMatch(pair.sdp, /typ (host|srflx)/);
    await page.evaluate(() => document.querySelector('call-button')!.hangUp());
    await waitForState('ended');
    assert.deepEqual(errors, []);
  });
});

describe('the TURN server', () => {
  const client = (...args: readonly string[]): Promise<string> =>
    run('turnutils_uclient', ['-p', String(port), '-n', '1', ...args, '127.0.0.1']).then(
      ({ stdout }) => stdout,
      (error: unknown) => (error as { stdout?: string }).stdout ?? '',
    );

  it('gives nothing without a secret of ours', async () => {
    const output = await client('-W', 'not-the-secret', '-e', '127.0.0.1');
    assert.match(output, /Cannot complete Allocation/);
  });

  it('leads to no other address than rtpengine’s', async () => {
    const output = await client('-W', SECRET, '-e', '169.254.169.254');
    assert.match(output, /403|Forbidden/i);
  });
});
