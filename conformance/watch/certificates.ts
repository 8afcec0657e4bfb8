import * as fs from 'node:fs';
import tls from 'node:tls';
import { AxonError, describeSystemFailure } from '../../server/index.ts';

/** Where systems keep the certificates that they trust: Debian, Red Hat, SUSE, Alpine. */
const usualBundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** What is trusted of a server: what Node trusts, what the system does, and what `file` holds. Fails with `bad-option`. */
export function trustedCertificates(file: string | null): string[] {
  return [...tls.rootCertificates, ...systemBundle(), ...(file === null ? [] : [readBundle(file)])];
}

function systemBundle(): string[] {
  for (const bundle of [process.env['SSL_CERT_FILE'] ?? '', ...usualBundles]) {
    if (bundle !== '' && fs.existsSync(bundle)) return [fs.readFileSync(bundle, 'utf8')];
  }
  return [];
}

function readBundle(file: string): string {
  try {
    const text = fs.readFileSync(file, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  } catch (error) {
    throw new AxonError('bad-option', `--ca ${file}: ${describeSystemFailure(error)}`);
  }
  throw new AxonError('bad-option', `--ca ${file}: there is no certificate in it; PEM is read`);
}
