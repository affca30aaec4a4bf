/** What a file of tests shares: a gateway, who calls, who is called. */
import { type CallPage, openPage, type PageOptions } from '../../support/e2e.js';
import { useKeep, useShared } from '../../support/hooks.js';
import { dialFar, type FarCall } from './far-call.js';
import type { Step } from './scenario.js';
import {
  type GatewayWorld,
  launchChromium,
  prepareSpeech,
  startGatewayWorld,
  startTelephone,
  type Telephone,
  type WorldOptions,
} from './world.js';

/** The options as a function, where they are not known before the tests run. */
export const useGateway = (options: WorldOptions | (() => WorldOptions) = {}): GatewayWorld =>
  useShared(() => startGatewayWorld(typeof options === 'function' ? options() : options));

export const useTelephone = (...accounts: Parameters<typeof startTelephone>[0]): Telephone =>
  useShared(() => startTelephone(accounts));

export interface Caller {
  openPage(page?: PageOptions): Promise<CallPage>;
  /** A call to a far end that follows these steps. */
  dial(
    steps: readonly Step[],
    attributes?: Readonly<Record<string, string>>,
    context?: PageOptions['context'],
  ): Promise<FarCall>;
}

/** Calls with Chromium, whose microphone hears the near end's words: the telephone's, where there is one. */
export function useCaller(world: GatewayWorld, telephone?: Telephone): Caller {
  const caller = useShared(async () => {
    const speech = telephone?.speech ?? (await prepareSpeech());
    const browser = await launchChromium(speech);
    return {
      browser,
      async close() {
        await browser.close();
        if (telephone === undefined) await speech.close();
      },
    };
  });
  const keep = useKeep();
  return {
    openPage: async (page) => keep(await openPage({ ...world, browser: caller.browser }, page)),
    dial: async (steps, attributes, context) =>
      keep(await dialFar(world, caller.browser, steps, attributes, context)),
  };
}
