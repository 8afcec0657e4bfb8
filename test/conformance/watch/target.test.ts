import * as fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AxonError } from '../../../server/index.ts';
import { askTarget, openTarget, type TargetFacts } from '../../../conformance/watch/target.ts';
import { failureOf } from '../../support/failure-of.ts';
import { stillSimulator, urlOf } from '../../support/simulator.ts';

const certificates = path.join(import.meta.dirname, 'certificates');
const certificate = path.join(certificates, 'certificate.pem');

async function ask(url: string, token: string | null = null, caFile: string | null = null): Promise<TargetFacts> {
  const target = openTarget(url, caFile);
  try {
    return await askTarget(target, token);
  } finally {
    await target.dispatcher.destroy();
  }
}

async function failureOfAsking(url: string): Promise<string> {
  const failure: unknown = await ask(url).catch((error: unknown) => error);
  if (!(failure instanceof AxonError)) throw new Error('It was no failure of the kit');
  expect([failure.kind, failure.message.includes('\n')]).toEqual(['bad-option', false]);
  return failure.message;
}

const me = { name: 'axonserver-0', authentication: true, clustered: true, storageContextNames: ['default'] };

async function listenOn(server: http.Server | https.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('the target of watch', () => {
  test('tells its name, contexts, groups, and whether tokens are asked for', async () => {
    const simulator = await stillSimulator({ contexts: ['default', 'orders'], token: 'sesame' });
    expect(await ask(urlOf(simulator), 'sesame')).toEqual({
      node: 'node-1',
      contexts: ['default', 'orders'],
      groups: ['_admin', 'default', 'orders'],
      roles: { _admin: 'PRIMARY', default: 'PRIMARY', orders: 'PRIMARY' },
      hasAccessControl: true,
      isClustered: true,
    });
  });

  test('has no groups where it is of the standard edition, and has no page of them', async () => {
    const simulator = await stillSimulator({ edition: 'standard', serverVersion: '4.6' });
    expect(await ask(urlOf(simulator))).toMatchObject({ groups: null, isClustered: false });
  });

  test.each([
    ['axonserver:8024', 'write the URL of a node'],
    ['ftp://axonserver', 'write the URL of a node'],
    ['http://user:secret@axonserver', 'a token goes to --token'],
    ['http://axonserver/?x=1', 'base path alone'],
  ])('%s is none', (url, reason) => {
    const failure = failureOf(() => openTarget(url, null));
    expect(failure.message).toContain(reason);
    expect(failure.message).not.toContain('secret');
  });

  test('where nobody listens, or somebody else does, one line says so', async () => {
    const port = await listenOn(http.createServer((_request, response) => response.end('<html>')));
    expect(await failureOfAsking(`http://127.0.0.1:${port}`)).toContain('not answered as by an Axon Server');
    const closed = http.createServer();
    const free = await listenOn(closed);
    await new Promise((resolve) => closed.close(resolve));
    expect(await failureOfAsking(`http://127.0.0.1:${free}`)).toContain('ECONNREFUSED');
  });

  test('is refused with a certificate that nothing trusts, and taken with one that --ca names', async () => {
    const pair = { key: fs.readFileSync(path.join(certificates, 'key.pem')), cert: fs.readFileSync(certificate) };
    const server = https.createServer(pair, (_request, response) => response.end(JSON.stringify(me)));
    const url = `https://localhost:${await listenOn(server)}`;
    expect(await failureOfAsking(url)).toMatch(/its certificate is not trusted \(.+\); --ca FILE/);
    expect(await ask(url, null, certificate)).toMatchObject({ node: 'axonserver-0', groups: null });
    expect(failureOf(() => openTarget(url, path.join(certificates, 'README.md'))).message).toContain(
      'there is no certificate in it',
    );
    expect(failureOf(() => openTarget(url, '/nowhere.pem')).message).toContain('--ca /nowhere.pem');
  });
});
