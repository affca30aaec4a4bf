/**
 * What a caller writes and what goes on to others because of it: read at a PBX byte by byte, and at sockets of third
 * parties, which nothing may reach.
 */
import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { until } from '../support/until.js';
import {
  bodyOf,
  connect,
  createDialog,
  finalOf,
  headerOf,
  inDialog,
  invite,
  OFFER,
  request,
  respond,
  type Client,
} from './support/client.js';
import { openPbx, pbxReply, pbxRequest, pbxSdp, type Pbx } from './support/pbx.js';
import { startGatewayWorld, type GatewayWorld } from './support/world.js';

/** Where it is said to be, and nobody is told. */
const CALLER = '127.0.0.77';

let world: GatewayWorld;
let pbx: Pbx;
let client: Client;
/** Somebody who has no part in any call, and what came there. */
let stranger: Socket;
const strangerGot: Buffer[] = [];

before(async () => {
  world = await startGatewayWorld();
  pbx = await openPbx(world.farPort);
  client = await connect(world, { from: CALLER });
  stranger = createSocket('udp4').bind(0, '127.0.0.1');
  stranger.on('message', (data) => strangerGot.push(data));
  await once(stranger, 'listening');
});
after(async () => {
  client.close();
  stranger.close();
  await pbx.close();
  await world.close();
});

type Dialog = ReturnType<typeof createDialog>;
type Extras = Parameters<typeof invite>[1];

/** The INVITE as the PBX gets it, if it does. */
const arrived = (dialog: Dialog): Promise<string> =>
  pbx.next(new RegExp(`^INVITE [^]*^Call-ID: ${dialog.callId}\r$`, 'm'));

async function refuse(dialog: Dialog, atPbx: string): Promise<void> {
  pbx.send(pbxReply(atPbx, '486 Busy Here'));
  await finalOf(client, dialog);
}

interface Established {
  readonly dialog: Dialog;
  /** As the PBX got it. */
  readonly atPbx: string;
  readonly answer: string;
}

async function establish(extras?: Extras, record: readonly string[] = []): Promise<Established> {
  const dialog = createDialog('sipp');
  client.send(invite(dialog, extras));
  const atPbx = await arrived(dialog);
  const headers = record.map((uri) => `Record-Route: <${uri}>`);
  // a proxy puts itself above those before it
  const reply = pbxReply(atPbx, '200 OK', { body: pbxSdp() });
  pbx.send(
    reply.replace(
      /^Record-Route: /m,
      `${headers.map((line) => `${line}\r\n`).join('')}Record-Route: `,
    ),
  );
  const { status, message } = await finalOf(client, dialog);
  assert.equal(status, 200);
  await pbx.next(/^ACK /);
  return { dialog, atPbx, answer: message };
}

async function hangUp({ dialog, answer }: Established): Promise<string> {
  client.send(inDialog('BYE', dialog, answer));
  const bye = await pbx.next(/^BYE /);
  pbx.send(pbxReply(bye, '200 OK'));
  await client.next(new RegExp(`^SIP/2\\.0 200[^]*CSeq: ${dialog.cseq} BYE`));
  return bye;
}

/** A later request of the same socket was answered: what came before it is done. */
async function settled(): Promise<void> {
  const dialog = createDialog('nobody');
  client.send(request('OPTIONS', dialog));
  await client.next(new RegExp(`^SIP/2\\.0 200[^]*Call-ID: ${dialog.callId}`));
}

/** Kamailio's workers are several: a call that is set up and ended after it shows that it led to nothing. */
async function reachedNobody(): Promise<void> {
  await settled();
  await hangUp(await establish());
  assert.deepEqual(strangerGot.map(String), []);
}

const strangerAt = (): string => `127.0.0.1:${stranger.address().port}`;

/** With all Vias, as a user agent does it (RFC 3261 section 8.2.6.2). */
const respondAll = (incoming: string, status: string, body?: string): string =>
  respond(incoming, status, body).replace(
    /^Via: .*$/m,
    [...incoming.matchAll(/^Via: .*(?=\r$)/gm)].map(([line]) => line).join('\r\n'),
  );

describe('a header of the caller', () => {
  it('reaches the PBX only where it is on the list', async () => {
    const names = [
      ...[
        'Record-Route',
        'Path',
        'Replaces',
        'Join',
        'Target-Dialog',
        'Also',
        'Refer-To',
        'Referred-By',
        'Refer-Sub',
      ],
      ...[
        'P-Asserted-Identity',
        'P-Preferred-Identity',
        'P-Charging-Vector',
        'Remote-Party-ID',
        'Privacy',
        'Identity',
      ],
      ...[
        'Diversion',
        'History-Info',
        'Call-Info',
        'Alert-Info',
        'Error-Info',
        'Subject',
        'Organization',
        'Priority',
      ],
      ...[
        'Reply-To',
        'In-Reply-To',
        'Authorization',
        'Require',
        'Proxy-Require',
        'Content-Encoding',
        'MIME-Version',
      ],
      ...[
        'Accept',
        'Accept-Contact',
        'Request-Disposition',
        'Answer-Mode',
        'Date',
        'Geolocation',
        'User-Agent',
      ],
      ...['X-Evil', 'X-Call-Alias', 'Feature-Caps', 'Session-ID'],
      // compact forms of Subject, Referred-By, Refer-To, Content-Encoding, Identity, Request-Disposition, Accept-Contact
      ...['s', 'b', 'r', 'e', 'y', 'd', 'a', 'j', 'o', 'u'],
    ];
    const dialog = createDialog('sipp');
    client.send(
      invite(dialog, {
        headers: [
          ...names.map((name) => `${name}: <sip:evil@${strangerAt()};lr>`),
          'P-Asserted-Identity : <sip:evil@192.0.2.9>',
          'Remote-Party-ID:\r\n <sip:evil@192.0.2.9>',
        ],
      }),
    );
    const atPbx = await arrived(dialog);
    await refuse(dialog, atPbx);
    assert.doesNotMatch(atPbx, /evil|192\.0\.2\.9/);
    assert.doesNotMatch(atPbx, new RegExp(CALLER.replaceAll('.', '\\.')));
    const allowed =
      /^(?:Record-Route|Via|Max-Forwards|From|To|Call-ID|CSeq|Contact|Content-Type|Content-Length|X-Call-Alias)$/;
    const unknown = atPbx
      .slice(0, atPbx.indexOf('\r\n\r\n'))
      .split('\r\n')
      .slice(1)
      .map((line) => line.slice(0, line.indexOf(':')))
      .filter((name) => !allowed.test(name));
    assert.deepEqual(unknown, []);
    assert.equal(headerOf(atPbx, 'X-Call-Alias'), 'sipp');
  });

  it('that stands twice does not make two messages of one', async () => {
    const smuggled = 'INVITE sip:premium@127.0.0.1 SIP/2.0\r\n\r\n';
    const before = pbx.messages.length;
    for (const second of ['Content-Length: 0', 'Content-Length : 0', 'l: 0', 'CONTENT-LENGTH:0']) {
      const own = await connect(world, { from: CALLER });
      own.send(invite(createDialog('sipp'), { headers: [second] }));
      own.close();
    }
    for (const second of ['Content-Type: text/plain', 'c: text/plain']) {
      const dialog = createDialog('sipp');
      client.send(invite(dialog, { headers: [second] }));
      assert.equal((await finalOf(client, dialog)).status, 488, second);
    }
    assert.equal(pbx.messages.length, before);
    const call = await establish();
    for (const second of ['Content-Length: 0', 'l: 0']) {
      client.send(
        inDialog('INFO', call.dialog, call.answer, {
          body: smuggled,
          contentType: 'application/dtmf-relay',
          headers: [second],
        }),
      );
    }
    await settled();
    assert.match(await hangUp(call), /^BYE /);
    assert.ok(!pbx.messages.some((text) => text.includes('premium')));
  });

  it('cannot carry a second header, or what another engine would take for an order', async () => {
    const bad: readonly [string, (text: string) => string][] = [
      ['quoted tag', (text) => text.replace(/;tag=\w+/, ';tag="x media-address=192.0.2.9"')],
      ['two tags', (text) => text.replace(/(;tag=\w+)/, '$1;tag=other')],
      [
        'Call-ID of many words',
        (text) => text.replace(/^(Call-ID: )/m, '$1x media-address=192.0.2.9 '),
      ],
      ['no tag', (text) => text.replace(/;tag=\w+/, '')],
    ];
    for (const [what, change] of bad) {
      client.send(change(invite(createDialog('sipp'))));
      assert.match(await client.next(/^SIP\/2\.0 [2-6]/), /^SIP\/2\.0 400/, what);
    }
    for (const header of [
      'Supported: timer\rX-Evil: 1',
      'Allow: INVITE\0X-Evil: 1',
      'Supported: \0',
    ]) {
      client.send(invite(createDialog('sipp'), { headers: [header] }));
      assert.match(await client.next(/^SIP\/2\.0 [2-6]/), /^SIP\/2\.0 400/, JSON.stringify(header));
    }
    const dialog = createDialog('sipp');
    client.send(invite(dialog, { headers: ['Supported: timer\nX-Evil: 1'] }));
    const atPbx = await arrived(dialog);
    await refuse(dialog, atPbx);
    assert.doesNotMatch(atPbx, /X-Evil/);
  });
});

describe('a caller in a call', () => {
  it('tells the PBX no body that is neither a description nor digits', async () => {
    const call = await establish();
    const { dialog, answer, atPbx } = call;
    const part = [
      '--q',
      'Content-Type: application/sdp',
      '',
      pbxSdp(9999, '192.0.2.9'),
      '--q--',
      '',
    ].join('\r\n');
    const sent: readonly [string, string, string | null][] = [
      ['INVITE', 'multipart/mixed;boundary=q', part],
      ['INVITE', 'text/plain', pbxSdp(9999, '192.0.2.9')],
      ['UPDATE', 'multipart/mixed;boundary=q', part],
      ['INFO', 'application/sdp', pbxSdp(9999, '192.0.2.9')],
      ['INFO', 'message/sipfrag', 'INVITE sip:premium@127.0.0.1 SIP/2.0\r\n'],
      ['INFO', 'application/dtmf-relay', `Signal=1\r\n${'x'.repeat(2000)}`],
    ];
    for (const [method, contentType, body] of sent) {
      client.send(inDialog(method, dialog, answer, { body: body!, contentType }));
      const reply = await client.next(new RegExp(`^SIP/2\\.0 [2-6][^]*CSeq: ${dialog.cseq} `));
      assert.match(reply, /^SIP\/2\.0 (?:415|488)/, `${method} ${contentType}`);
      if (method === 'INVITE') {
        client.send(
          request('ACK', dialog, { same: true }).replace(/^CSeq:.*$/m, `CSeq: ${dialog.cseq} ACK`),
        );
      }
    }
    for (const contentType of ['application/dtmf-relay', 'Application/DTMF-Relay; x=y']) {
      const body = 'Signal=1\r\nDuration=160\r\n';
      client.send(inDialog('INFO', dialog, answer, { body, contentType }));
      const info = await pbx.next(/^INFO /);
      assert.equal(bodyOf(info), body);
      pbx.send(pbxReply(info, '200 OK'));
      await client.next(new RegExp(`^SIP/2\\.0 200[^]*CSeq: ${dialog.cseq} INFO`));
    }
    // an ACK has no answer: nothing comes of its body
    client.send(
      inDialog('ACK', dialog, answer, {
        body: part,
        contentType: 'multipart/mixed;boundary=q',
      }),
    );
    // and in a reply to the PBX's own offer
    pbx.send(pbxRequest('INVITE', atPbx, 10, { body: pbxSdp(4002) }));
    const reinvite = await client.next(/^INVITE /);
    client.send(
      respondAll(reinvite, '200 OK', part).replace('application/sdp', 'multipart/mixed;boundary=q'),
    );
    assert.equal(bodyOf(await pbx.next(/^SIP\/2\.0 200[^]*CSeq: 10 INVITE/)), '');
    pbx.send(pbxRequest('ACK', atPbx, 10));
    await client.next(/^ACK /);
    // of a BYE it is left out
    client.send(inDialog('BYE', dialog, answer, { body: part, contentType: 'text/plain' }));
    const bye = await pbx.next(/^BYE /);
    assert.equal(bodyOf(bye), '');
    pbx.send(pbxReply(bye, '200 OK'));
    await client.next(/^SIP\/2\.0 200[^]*CSeq: \d+ BYE/);
    assert.ok(!pbx.messages.some((text) => /192\.0\.2\.9|premium|--q/.test(text)));
  });

  it('gets no credentials of the PBX by a challenge, and leads it nowhere', async () => {
    const { atPbx } = await establish();
    const replies = [
      [
        '407 Proxy Authentication Required',
        'Proxy-Authenticate: Digest realm="evil", nonce="evil"',
      ],
      ['401 Unauthorized', 'WWW-Authenticate: Digest realm="evil", nonce="evil"'],
      ['302 Moved Temporarily', `X-Evil: <sip:evil@${strangerAt()}>`],
      ['480 Temporarily Unavailable', 'P-Asserted-Identity: <sip:evil@192.0.2.9>'],
    ] as const;
    for (const [i, [status, header]] of replies.entries()) {
      pbx.send(pbxRequest('INFO', atPbx, 10 + i));
      const info = await client.next(/^INFO /);
      client.send(
        respondAll(info, status).replace(/^Contact: .*$/m, `Contact: <sip:evil@x>\r\n${header}`),
      );
      const reply = await pbx.next(new RegExp(`^SIP/2\\.0 [2-6][^]*CSeq: ${10 + i} INFO`));
      assert.match(reply, i < 3 ? /^SIP\/2\.0 403/ : /^SIP\/2\.0 480/);
      assert.doesNotMatch(reply.replace(/^Contact:.*$/m, ''), /evil|Authenticate/, status);
    }
    pbx.send(pbxRequest('BYE', atPbx, 20));
    const bye = await client.next(/^BYE /);
    client.send(
      respondAll(bye, '407 Proxy Authentication Required').replace(
        /^Contact/m,
        'Proxy-Authenticate: Digest realm="evil", nonce="evil"\r\nContact',
      ),
    );
    const reply = await pbx.next(/^SIP\/2\.0 [2-6][^]*CSeq: 20 BYE/);
    assert.match(reply, /^SIP\/2\.0 403/);
    assert.doesNotMatch(reply, /evil/);
  });

  it('is found by the PBX at its socket, whatever Contact and Record-Route it writes', async () => {
    const { dialog, atPbx } = await establish({
      headers: [`Record-Route: <sip:${strangerAt()};lr>`],
    });
    pbx.send(pbxRequest('INVITE', atPbx, 10, { body: pbxSdp(4002) }));
    const reinvite = await client.next(/^INVITE /);
    const answer = respondAll(reinvite, '200 OK', OFFER.replace('actpass', 'active'));
    client.send(answer.replace(/^Contact: .*$/m, `Contact: <sip:evil@${strangerAt()}>`));
    const ok = await pbx.next(/^SIP\/2\.0 200[^]*CSeq: 10 INVITE/);
    // from here on that is where its requests go
    const uri = /^Contact: .*<([^>]+)>/m.exec(ok)![1]!;
    assert.ok(!uri.includes(CALLER), uri);
    pbx.send(pbxRequest('ACK', atPbx, 10, { uri }));
    await client.next(/^ACK /);
    pbx.send(pbxRequest('BYE', atPbx, 11, { uri }));
    const bye = await client.next(/^BYE /);
    client.send(respondAll(bye, '200 OK'));
    await pbx.next(/^SIP\/2\.0 200[^]*CSeq: 11 BYE/);
    assert.equal((await world.callLine(dialog.callId)).end, 'callee');
    await reachedNobody();
  });

  it('goes through the PBX’s own proxies, and through none that it names itself', async () => {
    const proxies = ['sip:10.0.0.2;lr', 'sip:10.0.0.1;transport=tcp;lr'];
    const call = await establish({}, proxies);
    const { dialog, answer } = call;
    client.send(
      inDialog('INFO', dialog, answer, {
        headers: [`Route: <sip:${strangerAt()};lr>`, 'Route: <sip:premium@127.0.0.1;lr>'],
      }).replace(/^INFO \S+/, `INFO sip:premium@${strangerAt()}`),
    );
    const info = await pbx.next(/^INFO /);
    assert.match(info, /^INFO sip:telephone@127\.0\.0\.1:5999;transport=tcp /);
    const routes = [...info.matchAll(/^Route: (.*)\r$/gm)].flatMap(([, list]) => list!.split(','));
    assert.deepEqual(routes, [`<${proxies[1]}>`, `<${proxies[0]}>`]);
    pbx.send(pbxReply(info, '200 OK'));
    const bye = await hangUp(call);
    assert.match(bye, /^Route: <sip:10\.0\.0\.1;transport=tcp;lr>,<sip:10\.0\.0\.2;lr>\r$/m);
    await reachedNobody();
  });
});

describe('somebody else’s call', () => {
  it('is not ended by who knows its Call-ID, or its tags but no branch', async () => {
    const own = await connect(world, { from: '127.0.0.78' });
    const dialog = createDialog('sipp');
    client.send(invite(dialog));
    const atPbx = await arrived(dialog);
    pbx.send(pbxReply(atPbx, '180 Ringing'));
    await client.next(/^SIP\/2\.0 18/);
    const cancel = { ...dialog, branch: 'z9hG4bKguess' };
    own.send(request('CANCEL', cancel, { same: true }));
    const bye = { ...dialog, fromTag: 'guess', toTag: 'guess' };
    for (const method of ['BYE', 'INVITE', 'UPDATE', 'INFO']) {
      own.send(request(method, { ...bye }, method === 'INVITE' ? { body: OFFER } : {}));
      assert.match(await own.next(/^SIP\/2\.0 [2-6]/), /^SIP\/2\.0 481/);
    }
    // its Call-ID with a pass of one's own
    own.send(invite(createDialog('sipp', dialog.callId)));
    assert.match(await own.next(/^SIP\/2\.0 [2-6]/), /^SIP\/2\.0 482/);
    pbx.send(pbxReply(atPbx, '200 OK', { body: pbxSdp() }));
    const { status, message } = await finalOf(client, dialog);
    assert.equal(status, 200);
    await pbx.next(/^ACK /);
    await hangUp({ dialog, atPbx, answer: message });
    own.close();
  });
});

describe('third parties', () => {
  it('get no reply that a caller makes up, nor one by its Via', async () => {
    const via = (self: string): string =>
      [
        `Via: SIP/2.0/WS ${self};branch=z9hG4bKa`,
        `Via: SIP/2.0/UDP ${strangerAt()};branch=z9hG4bKb;rport=${stranger.address().port}`,
      ].join('\r\n');
    for (const self of [
      `127.0.0.1:${world.gateway.pbxPort}`,
      new URL(world.service.sipUrl).host,
      'client.invalid',
    ]) {
      client.send(
        `SIP/2.0 200 OK\r\n${via(self)}\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\nContent-Length: 4\r\n\r\nevil`,
      );
    }
    for (const method of ['OPTIONS', 'MESSAGE', 'BYE']) {
      const named = `${strangerAt()};rport;received=127.0.0.1;maddr=127.0.0.1`;
      client.send(
        request(method, createDialog('x')).replace(
          /^Via: .*$/m,
          `Via: SIP/2.0/UDP ${named};branch=z9hG4bK${method}`,
        ),
      );
      await client.next(new RegExp(`^SIP/2\\.0 [2-6][^]*CSeq: 1 ${method}`));
    }
    await reachedNobody();
  });

  it('get no media and no checks of a description that names them', async () => {
    const { port } = stranger.address();
    const naming = OFFER.replace('198.51.100.77 40000', `127.0.0.1 ${port}`)
      .replace('m=audio 9', `m=audio ${port}`)
      .replace('c=IN IP4 0.0.0.0', 'c=IN IP4 127.0.0.1')
      .replace('a=rtcp:9 IN IP4 0.0.0.0', `a=rtcp:${port} IN IP4 127.0.0.1`);
    const dialog = createDialog('sipp');
    client.send(invite(dialog, { body: naming }));
    const atPbx = await arrived(dialog);
    // from here on the engine has a ringback tone to play, and ICE to do
    pbx.send(pbxReply(atPbx, '180 Ringing'));
    await client.next(/^SIP\/2\.0 183[^]*m=audio/);
    const ringing = performance.now();
    await until(() => performance.now() - ringing > 1500);
    pbx.send(pbxReply(atPbx, '200 OK', { body: pbxSdp() }));
    const { message } = await finalOf(client, dialog);
    client.send(inDialog('INVITE', dialog, message, { body: naming }));
    const reinvite = await pbx.next(/^INVITE [^]*To: .*;tag=/);
    assert.ok(!bodyOf(reinvite).includes(String(port)));
    pbx.send(pbxReply(reinvite, '200 OK', { body: pbxSdp(4004) }));
    await finalOf(client, dialog);
    await hangUp({ dialog, atPbx, answer: message });
    await reachedNobody();
  });

  it('nor does the engine take a description without ICE and DTLS, or with many streams', async () => {
    const [head, media] = [OFFER.slice(0, OFFER.indexOf('m=')), OFFER.slice(OFFER.indexOf('m='))];
    const offers: readonly [string, string][] = [
      ['plain RTP', pbxSdp(stranger.address().port)],
      ['plain RTP beside', OFFER + pbxSdp(stranger.address().port).replace(/^[^]*(?=m=)/, '')],
      ['no fingerprint', OFFER.replace(/^a=fingerprint.*\r\n/m, '')],
      ['no ICE', OFFER.replace(/^a=ice.*\r\n/gm, '')],
      ['forty streams', head + media.repeat(40)],
      ['nothing', 'v=0\r\n'],
      ['nonsense', 'nonsense'],
    ];
    const calls = await world.counter('call_gateway_calls');
    const before = pbx.messages.length;
    for (const [what, body] of offers) {
      const dialog = createDialog('sipp');
      client.send(invite(dialog, { body }));
      assert.equal((await finalOf(client, dialog)).status, 488, what);
    }
    assert.equal(pbx.messages.length, before);
    // what is refused takes no place
    await until(async () => (await world.counter('call_gateway_calls')) <= calls);
    const call = await establish();
    const { dialog, answer } = call;
    for (const [what, body] of offers) {
      client.send(inDialog('INVITE', dialog, answer, { body }));
      assert.equal((await finalOf(client, dialog)).status, 488, what);
    }
    await hangUp(call);
    await reachedNobody();
  });

  it('a long description is rewritten as a short one is', async () => {
    const dialog = createDialog('sipp');
    const lines = Array.from({ length: 300 }, (_, i) => `a=x-${i}:${'y'.repeat(40)}\r\n`).join('');
    client.send(invite(dialog, { body: OFFER + lines }));
    const atPbx = await arrived(dialog);
    await refuse(dialog, atPbx);
    assert.ok(atPbx.length > 12_000);
    assert.doesNotMatch(bodyOf(atPbx), /198\.51\.100\.77|SAVPF|a=ice/);
  });
});
