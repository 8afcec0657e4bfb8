import { expect, test } from 'vitest';
import type { Invocation } from '../../../conformance/driver/client-driver.ts';
import { FunctionDriver, type ClientFunction } from '../../../conformance/driver/function-driver.ts';

function run(client: ClientFunction, values: Partial<Invocation> = {}) {
  return new FunctionDriver(client).run({
    run: 1,
    url: 'http://127.0.0.1:1',
    nodes: [],
    contexts: ['default'],
    groups: ['_admin', 'default'],
    token: null,
    backupDir: '/backup',
    stateDir: '/state',
    temporaryDir: '/tmp of the scenario',
    timeoutMs: 60_000,
    kill: new AbortController().signal,
    ...values,
  });
}

/** What a client does that hands the signal to whatever it waits for. */
function waitFor(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('told to end')));
    if (signal.aborted) reject(new Error('told to end'));
  });
}

const good = { exitCode: 0, signal: null, hasTimedOut: false, stdout: '', stderr: '' };

test('a function that resolves has made a good backup, of what it was told', async () => {
  const told: object[] = [];
  const client: ClientFunction = async ({ signal: _signal, ...values }) => void told.push(values);
  expect(await run(client)).toEqual(good);
  expect(told).toEqual([
    {
      run: 1,
      url: 'http://127.0.0.1:1',
      nodes: [],
      contexts: ['default'],
      groups: ['_admin', 'default'],
      token: null,
      backupDir: '/backup',
      stateDir: '/state',
      temporaryDir: '/tmp of the scenario',
    },
  ]);
});

test('a function that rejects, or throws right away, has failed, and says why', async () => {
  const failed = { ...good, exitCode: 1, stderr: expect.stringContaining('the disk is full') };
  expect(await run(() => Promise.reject(new Error('the disk is full')))).toEqual(failed);
  const throws = (() => {
    throw new Error('the disk is full');
  }) as unknown as ClientFunction;
  expect(await run(throws)).toEqual(failed);
});

test('a function that is killed is told so, and has ended before the run is over', async () => {
  const kill = new AbortController();
  let hasEnded = false;
  const client: ClientFunction = async ({ signal }) => {
    kill.abort();
    await waitFor(signal).catch(() => new Promise((resolve) => setImmediate(resolve)));
    hasEnded = true;
  };
  // What it resolves to does not count any more.
  expect(await run(client, { kill: kill.signal })).toEqual({ ...good, exitCode: null, signal: 'SIGKILL' });
  expect(hasEnded).toBe(true);
});

test('a function that is asked to end says by itself what has come of it', async () => {
  const asked = AbortSignal.abort();
  expect(await run(async () => undefined, { askToEnd: asked })).toMatchObject({ exitCode: 0, signal: null });
  const heeds: ClientFunction = async ({ signal }) => signal.throwIfAborted();
  expect(await run(heeds, { askToEnd: asked })).toMatchObject({ exitCode: 1, signal: null });
});

test('a run that is killed before it has begun ends so as well', async () => {
  const client: ClientFunction = ({ signal }) => waitFor(signal);
  expect(await run(client, { kill: AbortSignal.abort() })).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
});

test('a function that takes too long is told to end', async () => {
  const client: ClientFunction = ({ signal }) => waitFor(signal);
  expect(await run(client, { timeoutMs: 1 })).toEqual({
    ...good,
    exitCode: null,
    signal: 'SIGTERM',
    hasTimedOut: true,
  });
});

test('the report calls a function by its name', () => {
  const nightlyBackup: ClientFunction = () => Promise.resolve();
  expect(new FunctionDriver(nightlyBackup).argv).toEqual(['nightlyBackup']);
  expect(new FunctionDriver(() => Promise.resolve()).argv).toEqual(['function']);
});

test('a function that was to have a limit of its files says that it had none, and is not told of one', async () => {
  const told: object[] = [];
  const client: ClientFunction = async (values) => void told.push(values);
  expect(await run(client, { fileLimitBytes: 8192 })).toEqual({ ...good, fileLimitBytes: null });
  expect(told[0]).not.toHaveProperty('fileLimitBytes');
});
