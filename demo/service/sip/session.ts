import { SessionState, type Session } from 'sip.js';
import type { Wish } from '../media/peer.js';

/** A new offer of ours. Rejects where the far end refuses it. */
export function reinvite(session: Session, wish: Wish, addVideo: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    session
      .invite({
        sessionDescriptionHandlerOptions: { wish, addVideo } as object,
        requestDelegate: {
          onAccept: () => resolve(),
          onRedirect: ({ message }) => reject(refusal(message.statusCode)),
          onReject: ({ message }) => reject(refusal(message.statusCode)),
        },
      })
      .catch(reject);
  });
}

const refusal = (status: number | undefined): Error => new Error(`refused with ${status ?? 0}`);

export async function sendInfo(
  session: Session | null,
  contentType: string,
  content: string,
): Promise<void> {
  const body = { contentDisposition: 'render', contentType, content };
  await session?.info({ requestOptions: { body } });
}

/** A digit as `application/dtmf-relay`, for who does not see RFC 4733 events: a page, for example. */
export const sendDigit = (session: Session | null, digit: string): Promise<void> =>
  session?.state === SessionState.Established
    ? sendInfo(session, 'application/dtmf-relay', `Signal=${digit}\r\nDuration=160\r\n`)
    : Promise.resolve();
