import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A certificate that nobody signed, for loopback and tests; the settings that name its files. */
export async function makeCertificate(
  openssl: string,
  folder: string,
  host: string,
): Promise<{ readonly TLS_CERTIFICATE: string; readonly TLS_PRIVATE: string }> {
  const certificate = join(folder, 'certificate.pem');
  const key = join(folder, 'key.pem');
  await promisify(execFile)(openssl, [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-days', '30', '-subj', '/CN=localhost', '-keyout', key, '-out', certificate],
    ...['-addext', `subjectAltName=IP:127.0.0.1,IP:${host},DNS:localhost`],
  ]);
  return { TLS_CERTIFICATE: certificate, TLS_PRIVATE: key };
}
