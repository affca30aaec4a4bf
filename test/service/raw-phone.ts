/** A phone made of strings: registers, and answers the service's calls as it is told. */
import { createHash } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Service } from '../../demo/service/server.js';
import { createCaller, type MediaCaller } from './media-caller.js';
import {
  bodyOf,
  connectSip,
  createDialog,
  headerOf,
  request,
  type Dialog,
  type RequestExtras,
  type SipClient,
} from './sip-client.js';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

export interface Credentials {
  readonly user?: string;
  readonly password?: string;
}

/** The header that answers a 401 to this request. */
export function authorize(
  challenge: string,
  { user, password }: Required<Credentials>,
  uri = 'sip:agent@127.0.0.1',
): string {
  const [, realm, nonce] = /realm="([^"]+)", nonce="([^"]+)"/.exec(challenge)!;
  const response = md5(
    `${md5(`${user}:${realm!}:${password}`)}:${nonce!}:00000001:abc:auth:${md5(`REGISTER:${uri}`)}`,
  );
  return (
    `Authorization: Digest username="${user}", realm="${realm!}", nonce="${nonce!}", uri="${uri}", ` +
    `response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="abc"`
  );
}

export interface RawPhone {
  readonly client: SipClient;
  /** In each request. */
  readonly dialog: Dialog;
  /** The final response. `contact`: the whole header, or null for none. */
  register(
    options?: Credentials & { contact?: string | null; headers?: string[] },
  ): Promise<string>;
}

let phones = 0;

export async function createPhone(service: Service): Promise<RawPhone> {
  const client = await connectSip(service);
  const dialog = createDialog('agent');
  const contact = `<sip:phone${++phones}@client.invalid;transport=ws>`;

  /** The builder's own Contact and From are those of a caller. */
  function text(extras: RequestExtras, wanted: string | null): string {
    return request('REGISTER', dialog, extras)
      .replace(/^Contact: .*\r\n/m, wanted === null ? '' : `Contact: ${wanted}\r\n`)
      .replace(/^From: .*;/m, 'From: <sip:agent@127.0.0.1>;');
  }

  return {
    client,
    dialog,
    async register({
      user = service.agent.user,
      password = service.agent.password,
      contact: wanted = contact,
      headers = [],
    } = {}) {
      client.send(text({ headers }, wanted));
      const challenge = await client.next(/^SIP\/2\.0 [^]*^CSeq: \d+ REGISTER/m);
      if (!challenge.startsWith('SIP/2.0 401')) return challenge;
      const credentials = authorize(challenge, { user, password });
      client.send(text({ headers: [...headers, credentials] }, wanted));
      return client.next(/^SIP\/2\.0 [^]*^CSeq: \d+ REGISTER/m);
    },
  };
}

export const registered = async (service: Service): Promise<RawPhone> => {
  const phone = await createPhone(service);
  const response = await phone.register();
  if (!response.startsWith('SIP/2.0 200')) throw new Error(response);
  return phone;
};

/** A call that a phone has. */
export interface RawLeg {
  readonly client: SipClient;
  readonly invite: string;
  readonly media: MediaCaller;
  respond(status: string, body?: string): void;
  /** 200 with an offer; resolves when media are up. */
  answer(options?: { video?: boolean }): Promise<void>;
  request(method: string, headers?: readonly string[], body?: string): string;
}

const TAG = 'phone-tag';

/** The next INVITE that reaches it. */
export async function incoming(
  test: TestContext,
  { client }: RawPhone,
  options: { video?: boolean } = {},
): Promise<RawLeg> {
  const invite = await client.next(/^INVITE /);
  const media = createCaller(options);
  test.after(() => media.close());
  let cseq = 100;

  function respond(status: string, body = '', to = invite): void {
    const copied = ['Via', 'From', 'Call-ID', 'CSeq'].map(
      (name) => `${name}: ${headerOf(to, name) ?? ''}`,
    );
    const toValue = headerOf(to, 'To') ?? '';
    client.send(
      [
        `SIP/2.0 ${status}`,
        ...copied,
        `To: ${toValue}${toValue.includes(';tag=') ? '' : `;tag=${TAG}`}`,
        'Contact: <sip:phone@client.invalid;transport=ws>',
        ...(body === '' ? [] : ['Content-Type: application/sdp']),
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
    );
  }

  return {
    client,
    invite,
    media,
    respond,
    async answer() {
      respond('200 OK', await media.offer());
      media.accept(bodyOf(await client.next(/^ACK /)));
      await media.connected;
    },
    request(method, headers = [], body = '') {
      cseq += 1;
      const [, target] = /^Contact: <([^>]+)>/im.exec(invite)!;
      const text = [
        `${method} ${target!} SIP/2.0`,
        `Via: SIP/2.0/WS client.invalid;branch=z9hG4bK${method}${cseq}`,
        'Max-Forwards: 70',
        `From: ${headerOf(invite, 'To') ?? ''};tag=${TAG}`,
        `To: ${headerOf(invite, 'From') ?? ''}`,
        `Call-ID: ${headerOf(invite, 'Call-ID') ?? ''}`,
        `CSeq: ${cseq} ${method}`,
        'Contact: <sip:phone@client.invalid;transport=ws>',
        ...headers,
        ...(body === '' ? [] : ['Content-Type: application/sdp']),
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n');
      client.send(text);
      return text;
    },
  };
}
