/** One call of a real Chromium at a time, to a far end that follows a scenario. */
import type { Browser } from 'playwright-core';
import { openPage, type CallPage, type PageOptions } from '../../support/e2e.js';
import { until } from '../../support/until.js';
import { playFar, type Far, type Step } from './scenario.js';
import type { GatewayWorld } from './world.js';

export const RINGING: Step = { reply: '180 Ringing' };
export const ANSWER: readonly Step[] = [{ reply: '200 OK', sdp: 'answer' }, { receive: 'ACK' }];
export const FAREWELL: readonly Step[] = [{ receive: 'BYE' }, { reply: '200 ok' }];

export interface FarCall extends CallPage {
  readonly far: Far;
  /** Reasons of `call-error`, so far. */
  failures(): Promise<unknown[]>;
  callId(): Promise<string>;
  /** Of `call-end`. */
  reason(): Promise<string | undefined>;
  /** Packets that came to the caller so far. */
  received(): Promise<number>;
  /** Media arrive at the caller, from now on. */
  flows(): Promise<void>;
  /** The caller hangs up, and the scenario ends as written. */
  hangUp(): Promise<void>;
}

declare global {
  var failuresSeen: unknown[];
}

export async function dialFar(
  world: GatewayWorld,
  browser: Browser,
  steps: readonly Step[],
  attributes: Readonly<Record<string, string>> = {},
  context: PageOptions['context'] = {},
): Promise<FarCall> {
  const far = await playFar(world, steps);
  const call = await openPage(
    { ...world, browser },
    { attributes: { target: 'sipp', ...attributes }, context },
  ).catch(async (error: unknown) => {
    await far.stop();
    throw error;
  });
  const { page } = call;
  await page.evaluate(() => {
    globalThis.failuresSeen = [];
    document
      .querySelector('call-button')!
      .addEventListener('call-error', ({ reason }) => failuresSeen.push(reason));
  });
  await call.dial();
  const received = (): Promise<number> =>
    page.evaluate(async () => {
      let packets = 0;
      for (const peer of kept.peers) {
        for (const report of (await peer.getStats()).values() as Iterable<
          Record<string, unknown>
        >) {
          if (report['type'] === 'inbound-rtp') packets += Number(report['packetsReceived']);
        }
      }
      return packets;
    });
  return {
    ...call,
    far,
    received,
    failures: () => page.evaluate(() => failuresSeen),
    callId: () => page.evaluate(() => document.querySelector('call-button')!.state.callId!),
    reason: () => page.evaluate(() => document.querySelector('call-button')!.state.outcome?.reason),
    async flows() {
      const before = await received();
      await until(async () => (await received()) > before + 20);
    },
    async hangUp() {
      await page.evaluate(() => document.querySelector('call-button')!.hangUp());
      await call.waitForState('ended');
      await far.done;
    },
    async close() {
      if (process.env['GATEWAY_LOG'] !== undefined) console.error(await far.messages());
      await call.close();
      await far.stop();
    },
  };
}
