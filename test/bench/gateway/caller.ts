/** One caller: a WebSocket of its own, a call, its end. */
import {
  bodyOf,
  connect,
  createDialog,
  finalOf,
  inDialog,
  invite,
} from '../../gateway/support/client.js';
import type { CallerMedia } from './media.js';
import { ALIAS, type BenchWorld } from './world.js';

const LIMIT_MS = 10_000;

export interface Call {
  /** From the INVITE to the 200. */
  readonly setUpMs: number;
  /** From the opening of the socket to the 200. */
  readonly totalMs: number;
  hangUp(): Promise<void>;
}

let count = 0;

/** Callers have addresses of their own, as far as loopback has them. */
function nextAddress(): string {
  count += 1;
  return `127.1.${Math.floor(count / 250) % 250}.${(count % 250) + 1}`;
}

/** Rejects where the call is refused, with its status. `media` makes the offer; without it nothing answers there. */
export async function placeCall(
  world: BenchWorld,
  media: CallerMedia | null,
  from = nextAddress(),
): Promise<Call> {
  const start = performance.now();
  const client = await connect(world, { from });
  try {
    const dialog = createDialog(ALIAS);
    const invited = performance.now();
    client.send(invite(dialog, media === null ? {} : { body: media.offer }));
    const { status, message } = await finalOf(client, dialog, LIMIT_MS);
    const answered = performance.now();
    if (status !== 200) throw new Error(`status ${status}`);
    media?.accept(descriptionOf(message, client.inbox));
    return {
      setUpMs: answered - invited,
      totalMs: answered - start,
      async hangUp() {
        client.send(inDialog('BYE', dialog, message));
        await client.next(new RegExp(`^SIP/2\\.0 [2-6][^]*^CSeq: ${dialog.cseq} BYE`, 'm'));
        client.close();
      },
    };
  } catch (error) {
    client.terminate();
    throw error;
  }
}

/** Of the early answer, where there was one: the first description of a dialog counts. */
function descriptionOf(final: string, before: readonly string[]): string {
  const early = before.find((text) => /^SIP\/2\.0 183 [^]*^v=0/m.test(text));
  return bodyOf(early ?? final);
}
