import { once } from 'node:events';
import type { TestContext } from 'node:test';
import type { ServiceEventMap } from '../../demo/service/events.js';
import { startService, type Service, type ServiceOptions } from '../../demo/service/server.js';
import { SECRETS } from './sip-client.js';

/** A service on a free port that ends with the test, and whose faults fail it. */
export async function start(test: TestContext, options: ServiceOptions = {}): Promise<Service> {
  const service = await startService({
    port: 0,
    secrets: SECRETS,
    ringMs: 0,
    requirePass: false,
    ...options,
  });
  const faults: unknown[] = [];
  service.events.on('fault', (error) => faults.push(error));
  test.after(async () => {
    await service.close();
    if (service.liveMedia() > 0)
      throw new Error(`${service.liveMedia()} peer connections were left open`);
    if (faults.length > 0)
      throw new AggregateError(faults, `faults of the service: ${faults.map(String).join('; ')}`);
  });
  return service;
}

/** The next event of that name that fits. */
export async function event<K extends keyof ServiceEventMap>(
  service: Service,
  name: K,
  fits: (value: ServiceEventMap[K][0]) => boolean = () => true,
): Promise<ServiceEventMap[K][0]> {
  const signal = AbortSignal.timeout(8000);
  for (;;) {
    const [value] = (await once(service.events, name, { signal })) as ServiceEventMap[K];
    if (fits(value)) return value;
  }
}
