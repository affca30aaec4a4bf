/** A certificate is renewed every few weeks: nobody's call may notice. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';
import { makeCertificate } from '../../demo/gateway/certificate.js';
import { useGateway } from './support/use-world.js';

const world = useGateway();

async function fingerprint(): Promise<string> {
  const { hostname: host, port } = new URL(world.gateway.secureSipUrl!);
  const socket = connectTls({ host, port: Number(port), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

it('a changed certificate is read on command; sockets that are open stay', async () => {
  const socket = new WebSocket(world.gateway.secureSipUrl!, 'sip', {
    origin: world.service.url.slice(0, -1),
    rejectUnauthorized: false,
  });
  await once(socket, 'open');
  const first = await fingerprint();
  await makeCertificate(world.programs.openssl, world.folder, '127.0.0.1');
  assert.equal(await fingerprint(), first);
  await world.gateway.kamailio.rpc('tls.reload');
  assert.notEqual(await fingerprint(), first);
  const pong = once(socket, 'pong');
  socket.ping();
  await pong;
  socket.close();
});

it('TLS 1.1 is refused', async () => {
  const { hostname: host, port } = new URL(world.gateway.secureSipUrl!);
  const socket = connectTls({
    host,
    port: Number(port),
    rejectUnauthorized: false,
    minVersion: 'TLSv1.1',
    maxVersion: 'TLSv1.1',
    // OpenSSL itself would not offer it
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  const [error] = (await once(socket, 'error')) as [Error & { readonly code?: string }];
  assert.match(String(error.code), /ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION|ECONNRESET/);
});
