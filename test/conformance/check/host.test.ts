import os from 'node:os';
import { describe, expect, test } from 'vitest';
import { isLoopback, resolveHost } from '../../../conformance/check/play/host.ts';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { FunctionDriver, type ClientInvocation } from '../../../conformance/driver/function-driver.ts';
import { callProgram } from '../../support/called-program.ts';
import { driverOf } from '../../support/fixture-client.ts';

const hasIPv6 = Object.values(os.networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

describe('the address of a check', () => {
  test('is bound, and told to the client', async () => {
    expect(await resolveHost()).toEqual({ address: '127.0.0.1', name: '127.0.0.1' });
    expect(await resolveHost('127.0.0.2')).toEqual({ address: '127.0.0.2', name: '127.0.0.2' });
    expect(await resolveHost('localhost')).toEqual({ address: '127.0.0.1', name: 'localhost' });
  });

  test.each([
    ['0.0.0.0', 'name the address at which it reaches this machine'],
    ['::', 'name the address at which it reaches this machine'],
    ['192.0.2.1', 'this machine cannot listen at 192.0.2.1'],
    ['2001:db8::1', 'this machine cannot listen at 2001:db8::1'],
    [`${'x'.repeat(300)}.invalid`, 'this name has no address'],
  ])('%s is refused in one line', async (host, reason) => {
    await expect(resolveHost(host)).rejects.toMatchObject({
      kind: 'bad-option',
      message: expect.stringMatching(`^--host ${host}: .*${reason}`),
    });
  });

  /* A warning of an address that nobody can reach came before its refusal. */
  test.each(['::', '192.0.2.1'])('%s is refused by the command in one line, and warned of in none', async (host) => {
    const { code, stderr } = await callProgram(['check', '--host', host, '--', 'true']);
    expect(code).toBe(64);
    expect(stderr).toMatch(/^axon-backup-kit: --host .+\n$/);
    expect(stderr).not.toContain('whoever reaches it');
  });

  test('ends the check where it is none of this machine', async () => {
    const driver = new FunctionDriver(async () => {});
    const checked = runConformance({ driver, host: '192.0.2.1', only: ['growth/**'], keepsFailures: false });
    await expect(checked).rejects.toMatchObject({ kind: 'bad-option' });
  });

  test('is all that a client is told, in every place', async () => {
    let told: ClientInvocation | null = null;
    const driver = new FunctionDriver(async (invocation) => {
      told = invocation;
      await fetch(`${invocation.url}/v1/public/me`);
      throw new Error(`nothing good at ${invocation.url}`);
    });
    const only = ['growth/first-backup'];
    const report = await runConformance({ driver, host: '127.0.0.2', only, keepsFailures: false });
    expect(told).toMatchObject({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.2:\d+$/) });
    expect(JSON.stringify(told)).not.toContain('127.0.0.1');
    expect(report.scenarios[0]?.runs[0]).toMatchObject({ requests: 1 });
    expect(report.scenarios[0]?.runs[0]?.stderrTail?.[0]).toBe('Error: nothing good at http://node-1');
  });

  test('tells two runs at a time apart, whatever it is', async () => {
    const only = ['interruption/overlapping-runs'];
    const driver = driverOf('reference');
    const report = await runConformance({ driver, host: '127.0.0.2', only, keepsFailures: false });
    expect(report.exitCode).toBe(0);
  });

  test.skipIf(!hasIPv6)('may be one of IPv6, with brackets or without', async () => {
    for (const host of ['::1', '[::1]']) expect(await resolveHost(host)).toEqual({ address: '::1', name: '[::1]' });
    let url = '';
    const failing = new FunctionDriver(async (invocation) => {
      url = invocation.url;
      await fetch(`${url}/v1/public/me`);
      throw new Error(`nothing good at ${url}`);
    });
    const only = ['growth/first-backup'];
    const report = await runConformance({ driver: failing, host: '::1', only, keepsFailures: false });
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect(report.scenarios[0]?.runs[0]?.stderrTail?.[0]).toBe('Error: nothing good at http://node-1');
    const driver = driverOf('reference');
    const twoAtATime = { driver, host: '::1', only: ['interruption/overlapping-runs'], keepsFailures: false };
    expect((await runConformance(twoAtATime)).exitCode).toBe(0);
  });

  test('is open to this machine alone where it is a loopback one', () => {
    expect(['127.0.0.1', '127.9.9.9', 'localhost', '::1'].map(isLoopback)).not.toContain(false);
    expect(['172.17.0.1', 'host.docker.internal', '127.example.org'].map(isLoopback)).toEqual([false, false, false]);
  });
});
