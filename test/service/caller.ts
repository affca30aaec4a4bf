/** A whole caller: SIP and media together, as far as an answered call. */
import { createCaller, type CallerOptions, type MediaCaller } from './media-caller.js';
import {
  bodyOf,
  connectSip,
  createDialog,
  learn,
  request,
  type Dialog,
  type SipClient,
} from './sip-client.js';
import type { Service } from '../../demo/service/server.js';
import type { TestContext } from 'node:test';

export interface PhoneCall {
  readonly client: SipClient;
  readonly dialog: Dialog;
  readonly media: MediaCaller;
  readonly offer: string;
  readonly answer: string;
}

/** Calls an alias, and returns when ICE and DTLS are up. Hangs up nothing: the test's end does. */
export async function callUp(
  test: TestContext,
  service: Service,
  options: CallerOptions & { alias?: string } = {},
): Promise<PhoneCall> {
  const client = await connectSip(service);
  const dialog = createDialog(options.alias ?? 'echo');
  const media = createCaller(options);
  test.after(() => media.close());
  const offer = await media.offer();
  client.send(request('INVITE', dialog, { body: offer }));
  await client.next(/^SIP\/2\.0 180 /);
  const response = await client.next(/^SIP\/2\.0 [2-6]/);
  if (!response.startsWith('SIP/2.0 200 ')) throw new Error(`not answered: ${response}`);
  learn(dialog, response);
  client.send(request('ACK', dialog));
  const answer = bodyOf(response);
  media.accept(answer);
  await media.connected;
  return { client, dialog, media, offer, answer };
}
