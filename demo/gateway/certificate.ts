import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const EXAMPLE = new URL('kamailio/tls.cfg', import.meta.url);

export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate that nobody signed, for loopback and tests. */
export async function makeCertificate(
  openssl: string,
  folder: string,
  host: string,
): Promise<CertificateFiles> {
  const certificate = join(folder, 'certificate.pem');
  const key = join(folder, 'key.pem');
  await promisify(execFile)(openssl, [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-days', '30', '-subj', '/CN=localhost', '-keyout', key, '-out', certificate],
    ...['-addext', `subjectAltName=IP:127.0.0.1,IP:${host},DNS:localhost`],
  ]);
  return { certificate, key };
}

/** The gateway's `tls.cfg` with these files; the setting that leads to it. */
export async function writeTlsConfig(
  folder: string,
  { certificate, key }: CertificateFiles,
): Promise<{ readonly TLS_CONFIG: string }> {
  const file = join(folder, 'tls.cfg');
  const text = (await readFile(EXAMPLE, 'utf8'))
    .replace(/^certificate = .*$/m, () => `certificate = ${certificate}`)
    .replace(/^private_key = .*$/m, () => `private_key = ${key}`);
  await writeFile(file, text);
  return { TLS_CONFIG: file };
}
