/** The world of a file of tests, or of a `describe`: after each test its pages are closed, and the service is idle. */
import { afterEach } from 'node:test';
import type { ServiceOptions } from '../../demo/service/server.js';
import type { CaptchaStandIn } from './captcha-stand-in.js';
import {
  type BrowserOptions,
  type CallPage,
  openPage,
  type PageOptions,
  startWorld,
  type World,
} from './e2e.js';
import { useKeep, useShared } from './hooks.js';
import {
  type HostPage,
  type HostWorld,
  openHostPage,
  startHostWorld,
  type StrictPage,
} from './host-world.js';
import { until } from './until.js';

/** As a function, where they are not known before the tests run. */
type Options = ServiceOptions | (() => ServiceOptions);

const RING_MS = 50;

const resolve = (options: Options): ServiceOptions => ({
  ringMs: RING_MS,
  ...(typeof options === 'function' ? options() : options),
});

interface Used<W extends World> {
  readonly world: W;
  /** Closes after the test what it opened. */
  readonly keep: ReturnType<typeof useKeep>;
}

function use<W extends World>(start: () => Promise<W>): Used<W> {
  const world = useShared(start);
  const keep = useKeep();
  afterEach(async () => {
    // a page that is closed may have no time left for its BYE
    await Promise.all(world.service.calls().map((call) => call.hangUp().catch(() => {})));
    await until(() => world.service.calls().length === 0);
    await until(() => world.service.liveMedia() === 0);
    await until(() => world.service.phones() === 0);
  });
  return { world, keep };
}

export function useWorld(
  options: Options = {},
  browser: BrowserOptions = {},
): Used<World> & { openPage(page?: PageOptions): Promise<CallPage> } {
  const { world, keep } = use(() => startWorld(resolve(options), browser));
  return { world, keep, openPage: async (page) => keep(await openPage(world, page)) };
}

export function useHostWorld(
  options: Options = {},
): Used<HostWorld> & { openPage(page: HostPage): Promise<StrictPage> } {
  const { world, keep } = use(() => startHostWorld(resolve(options)));
  return { world, keep, openPage: async (page) => keep(await openHostPage(world, page)) };
}

/** The stand-in of a CAPTCHA's provider at an address; what is wrong with it is wrong for one test. */
export function useStandIn(standIn: CaptchaStandIn): Awaited<ReturnType<CaptchaStandIn['start']>> {
  afterEach(() => {
    standIn.scriptFault = standIn.verifyFault = null;
  });
  return useShared(() => standIn.start());
}
