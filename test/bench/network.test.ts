import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { until } from '../support/until.js';
import { rewriteMessage } from './network/candidates.js';
import { createDelayLine } from './network/delay-line.js';
import { createSlowTcp, type SlowTcp } from './network/slow-tcp.js';
import { createMediaPath } from './network/slow-udp.js';

const RTT_MS = 80;
/** Timers of Node.js are due a little early. */
const EARLY_MS = 2;

describe('a delay line', () => {
  it('keeps the order of what comes, also where the delay shrinks meanwhile', async () => {
    let delayMs = 40;
    const line = createDelayLine(() => delayMs);
    const done: string[] = [];
    const start = performance.now();
    line.push(() => done.push('slow'));
    delayMs = 0;
    line.push(() => done.push('quick'));
    assert.deepEqual(done, []);
    await until(() => done.length === 2);
    assert.deepEqual(done, ['slow', 'quick']);
    assert.ok(performance.now() - start >= 40 - EARLY_MS);
  });

  it('runs at once without a delay, and nothing after it is closed', async () => {
    const line = createDelayLine(() => 0);
    const done: string[] = [];
    line.push(() => done.push('now'));
    assert.deepEqual(done, ['now']);
    const slow = createDelayLine(() => 5);
    slow.push(() => done.push('never'));
    slow.close();
    const other = createDelayLine(() => 20);
    await new Promise<void>((resolve) => other.push(resolve));
    assert.deepEqual(done, ['now']);
  });
});

describe('TCP through the slow network', () => {
  let echo: Server;
  let slow: SlowTcp;
  before(async () => {
    echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    slow = await createSlowTcp(() => RTT_MS);
    slow.upstream = { host: '127.0.0.1', port: (echo.address() as AddressInfo).port };
  });
  after(async () => {
    await slow.close();
    echo.close();
  });

  it('costs a first question two round trips, one of them for the SYN, and the next one', async () => {
    const start = performance.now();
    const socket = connect({ port: slow.port, host: '127.0.0.1' });
    socket.write('first');
    const [first] = (await once(socket, 'data')) as [Buffer];
    const firstMs = performance.now() - start;
    assert.equal(first.toString(), 'first');
    assert.ok(firstMs >= 2 * RTT_MS - EARLY_MS, `${firstMs} ms`);
    const again = performance.now();
    socket.write('second');
    const [second] = (await once(socket, 'data')) as [Buffer];
    assert.equal(second.toString(), 'second');
    const nextMs = performance.now() - again;
    assert.ok(nextMs >= RTT_MS - EARLY_MS && nextMs < firstMs, `${nextMs} ms`);
    socket.end();
    await once(socket, 'close');
  });

  it('passes on what was written before the end', async () => {
    const socket = connect({ port: slow.port, host: '127.0.0.1' });
    socket.end('last words');
    const [data] = (await once(socket, 'data')) as [Buffer];
    assert.equal(data.toString(), 'last words');
  });
});

describe('media through the slow network', () => {
  const open = async (): Promise<Socket> => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return socket;
  };

  it('goes both ways by addresses of its own, and its first RTP packet is timed', async () => {
    const path = createMediaPath(() => 0);
    const [browser, gateway] = await Promise.all([open(), open()]);
    const address = (socket: Socket) => ({ host: '127.0.0.1', port: socket.address().port });
    const seenGateway = await path.mirror(address(gateway), 'gateway');
    assert.notEqual(seenGateway.port, gateway.address().port);
    // the browser's address is learnt from its first packet: a STUN check
    const check = once(gateway, 'message') as Promise<[Buffer, { port: number }]>;
    browser.send(Buffer.from([0x00, 0x01]), seenGateway.port, seenGateway.host);
    const [stun, seenBrowser] = await check;
    assert.deepEqual([...stun], [0x00, 0x01]);
    assert.notEqual(seenBrowser.port, browser.address().port);
    assert.equal((await path.mirror(address(browser), 'browser')).port, seenBrowser.port);
    for (const packet of [
      [0x80, 200],
      [0x16, 0xfe],
    ]) {
      const passed = once(browser, 'message');
      gateway.send(Buffer.from(packet), seenBrowser.port, '127.0.0.1');
      await passed;
    }
    assert.equal(path.firstRtpAt, null, 'RTCP and DTLS are no RTP');
    const heard = once(browser, 'message') as Promise<[Buffer, { port: number }]>;
    gateway.send(Buffer.from([0x80, 111]), seenBrowser.port, '127.0.0.1');
    const [, from] = await heard;
    assert.equal(from.port, seenGateway.port);
    assert.notEqual(path.firstRtpAt, null);
    path.close();
    browser.close();
    gateway.close();
  });
});

describe('candidates of a SIP message', () => {
  const swap = ({ host, port }: { host: string; port: number }) =>
    Promise.resolve({ host: `${host}0`, port: port + 1 });
  const message = (body: string): string =>
    `INVITE sip:a@b SIP/2.0\r\nContent-Type: application/sdp\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

  it('are swapped, the default destination with them, and the length is right', async () => {
    const sdp = [
      'v=0',
      'm=audio 5000 UDP/TLS/RTP/SAVPF 111',
      'c=IN IP4 10.0.0.1',
      'a=candidate:1 1 udp 2122 10.0.0.1 5000 typ host generation 0',
      'a=candidate:2 1 udp 2121 fd00::2 5001 typ host',
      'a=candidate:3 1 tcp 1500 10.0.0.1 9 typ host tcptype active',
      'a=candidate:4 1 UDP 1600 198.51.100.7 6000 typ srflx raddr 10.0.0.1 rport 5000',
      'm=video 9 UDP/TLS/RTP/SAVPF 96',
      'c=IN IP4 0.0.0.0',
      '',
    ].join('\r\n');
    const swapped = await rewriteMessage(message(sdp), swap);
    const [head = '', body = ''] = swapped.split('\r\n\r\n');
    assert.deepEqual(body.split('\r\n'), [
      'v=0',
      'm=audio 5001 UDP/TLS/RTP/SAVPF 111',
      'c=IN IP4 10.0.0.10',
      'a=candidate:1 1 udp 2122 10.0.0.10 5001 typ host',
      'a=candidate:4 1 UDP 1600 198.51.100.70 6001 typ srflx',
      'm=video 9 UDP/TLS/RTP/SAVPF 96',
      'c=IN IP4 0.0.0.0',
      '',
    ]);
    assert.match(head, new RegExp(`Content-Length: ${body.length}$`));
  });

  it('are all there is to swap: other messages stay what they are', async () => {
    const plain = message('v=0\r\nm=audio 9 RTP/AVP 0\r\n');
    assert.equal(await rewriteMessage(plain, swap), plain);
    assert.equal(await rewriteMessage('\r\n\r\n', swap), '\r\n\r\n');
  });
});
