import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Invocation, RunResult } from '../../../conformance/driver/client-driver.ts';
import { CommandDriver } from '../../../conformance/driver/command-driver.ts';
import { isAlive } from '../../support/is-alive.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const node = {
  name: 'node-1',
  url: 'http://127.0.0.1:8024',
  dataDir: '/data/node-1',
  eventsDir: '/data/node-1/events',
  logDir: '/data/node-1/log',
  controlDbDir: '/data/node-1/controldb',
  roles: { _admin: 'PRIMARY', default: 'PRIMARY' },
} as const;

function invocation(values: Partial<Invocation> = {}): Invocation {
  return {
    run: 2,
    url: node.url,
    nodes: [node],
    contexts: ['default', 'my orders'],
    groups: ['_admin', 'default', 'my orders'],
    token: null,
    backupDir: '/backup dir',
    stateDir: '/state',
    temporaryDir: '/tmp of the scenario',
    timeoutMs: 20_000,
    kill: new AbortController().signal,
    ...values,
  };
}

function run(argv: readonly string[], values: Partial<Invocation> = {}, useShell = false): Promise<RunResult> {
  return new CommandDriver({ argv, useShell, environment: { PATH: process.env['PATH'] } }).run(invocation(values));
}

/** A program for Node, as an argument. */
const script = (code: string): string[] => [process.execPath, '-e', code];

describe('a client that is a command', () => {
  test('is told everything by environment variables, and nothing of a token where there is none', async () => {
    const { stdout, exitCode } = await run(script('console.log(JSON.stringify(process.env))'));
    expect(exitCode).toBe(0);
    const { PATH: _path, ...told } = JSON.parse(stdout) as Record<string, string>;
    expect(told).toEqual({
      AXONSERVER_URL: 'http://127.0.0.1:8024',
      AXONSERVER_NODES: JSON.stringify([node]),
      AXONSERVER_CONTEXTS: 'default,my orders',
      AXONSERVER_REPLICATION_GROUPS: '_admin,default,my orders',
      BACKUP_DIR: '/backup dir',
      BACKUP_STATE_DIR: '/state',
      BACKUP_RUN: '2',
      TMPDIR: '/tmp of the scenario',
    });
  });

  test.each([false, true])(
    'writes no file beyond its limit, and what came before stays (shell: %s)',
    async (useShell) => {
      const file = path.join(temporaryFolder(), 'copy');
      const copy = `dd if=/dev/zero of=${file} bs=4096 count=3`;
      const argv = useShell ? [copy] : ['sh', '-c', copy];
      const limited = await run(argv, { fileLimitBytes: 8192 }, useShell);
      expect(limited.exitCode).not.toBe(0);
      expect(limited.fileLimitBytes).toBe(8192);
      expect(fs.statSync(file).size).toBe(8192);
      expect(await run(argv, { fileLimitBytes: 12_288 }, useShell)).toMatchObject({
        exitCode: 0,
        fileLimitBytes: 12_288,
      });
      expect(await run(argv, {}, useShell)).not.toHaveProperty('fileLimitBytes');
    },
  );

  test('inherits no variable of the contract that its run does not set', async () => {
    const environment = {
      PATH: process.env['PATH'],
      HOME: '/home/me',
      AXONSERVER_TOKEN: 'of production',
      BACKUP_RUN: '9',
    };
    const [argv, values] = [script('console.log(JSON.stringify(process.env))'), invocation()];
    const { stdout } = await new CommandDriver({ argv, useShell: false, environment }).run(values);
    const told = JSON.parse(stdout) as Record<string, string>;
    expect(told).toMatchObject({ HOME: '/home/me', BACKUP_RUN: '2' });
    expect(told).not.toHaveProperty('AXONSERVER_TOKEN');
  });

  test('is told the same by placeholders, each in one argument whatever it holds', async () => {
    const placeholders = ['{url}', '--to={backup}', '{state}', '{contexts}', '{groups}', '{run}', '{token}', '{nodes}'];
    const argv = [
      ...script('console.log(JSON.stringify(process.argv.slice(1)))'),
      ...placeholders,
      'log-{date}.txt',
      '{}',
    ];
    const { stdout } = await run(argv, { token: 's3cret' });
    expect(JSON.parse(stdout)).toEqual([
      'http://127.0.0.1:8024',
      '--to=/backup dir',
      '/state',
      'default,my orders',
      '_admin,default,my orders',
      '2',
      's3cret',
      JSON.stringify([node]),
      'log-{date}.txt',
      '{}',
    ]);
  });

  test('is told where files lie that the server names otherwise, by a variable and by a placeholder', async () => {
    const pathMap = '/axonserver/events=/mnt/a\n/axonserver=/mnt/b=c';
    const program = script('console.log(JSON.stringify([process.env.AXONSERVER_PATH_MAP, ...process.argv.slice(1)]))');
    const argv = [...program, '{pathMap}', '{data}:{data}'];
    const told = await run(argv, { pathMap, dataDir: '/all of it' });
    expect(JSON.parse(told.stdout)).toEqual([pathMap, pathMap, '/all of it:/all of it']);
    expect(JSON.parse((await run(argv)).stdout).slice(0, 2)).toEqual([null, '']);
  });

  test('is never given to a shell, unless that was asked for', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'made-by-a-shell');
    await run([...script('console.log("x")'), `; touch ${file}`, `$(touch ${file})`, '`id`']);
    expect(fs.existsSync(file)).toBe(false);
    await run([`touch ${file}`], {}, true);
    expect(fs.existsSync(file)).toBe(true);
  });

  test('ends with its own exit code, or with the signal that ended it', async () => {
    expect(await run(script('process.exit(7)'))).toMatchObject({ exitCode: 7, signal: null, hasTimedOut: false });
    const killed = await run(script('process.kill(process.pid, "SIGKILL")'));
    expect(killed).toMatchObject({ exitCode: null, signal: 'SIGKILL', hasTimedOut: false });
  });

  test('has what it says kept, up to a mebibyte a stream', async () => {
    const { stdout, stderr } = await run(script('process.stdout.write("a".repeat(2e6)); console.error("why")'));
    expect(stderr).toBe('why\n');
    expect(stdout).toHaveLength((1 << 20) + '\n… 951424 more bytes\n'.length);
  });

  test('that takes too long gets a SIGTERM, and may end by itself', async () => {
    const code = 'process.on("SIGTERM", () => { console.log("told"); process.exit(3); }); setInterval(() => {}, 1000)';
    const result = await run(script(code), { timeoutMs: 1000 });
    expect(result).toMatchObject({ exitCode: 3, hasTimedOut: true, stdout: 'told\n' });
  });

  test('takes everything with it that it has started', async () => {
    const grandchild = 'setInterval(() => {}, 1000)';
    const code = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' });
      console.log(child.pid);
      setTimeout(() => process.exit(0), 50);`;
    const { stdout, exitCode } = await run(script(code));
    expect(exitCode).toBe(0);
    await expect.poll(() => isAlive(Number(stdout))).toBe(false);
  });

  test('is not waited for by what has left its process group, even where that holds the output', async () => {
    // A daemon of a session of its own is out of reach of a kill of the group, and kept the check waiting for ever.
    const code = `
      const options = { stdio: 'inherit', detached: true };
      const daemon = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], options);
      console.log(daemon.pid);
      setTimeout(() => process.exit(0), 50);`;
    const { stdout, exitCode } = await run(script(code));
    const daemon = Number(stdout);
    onTestFinished(() => void process.kill(daemon, 'SIGKILL'));
    expect(exitCode).toBe(0);
    expect(isAlive(daemon)).toBe(true);
  });

  test.each([
    ['as the signal has it', '', { exitCode: null, signal: 'SIGTERM' }],
    ['well', 'process.on("SIGTERM", () => process.exit(0));', { exitCode: 0, signal: null }],
    [
      'by force, where it does not heed that',
      'process.on("SIGTERM", () => undefined);',
      { exitCode: null, signal: 'SIGKILL' },
    ],
    ['with a code of its own', 'process.on("SIGTERM", () => process.exit(7));', { exitCode: 7, signal: null }],
  ])('may end %s where it is asked to', async (_how, ready, end) => {
    const controller = new AbortController();
    const file = path.join(temporaryFolder(), 'ready');
    const running = run(script(`${ready} fs.writeFileSync(${JSON.stringify(file)}, ""); setInterval(() => {}, 1000)`), {
      askToEnd: controller.signal,
    });
    await vi.waitFor(() => expect(fs.existsSync(file)).toBe(true), { timeout: 20_000 });
    controller.abort();
    expect(await running).toMatchObject({ ...end, hasTimedOut: false });
  });

  test('is killed at once where the scenario says so', async () => {
    const controller = new AbortController();
    const running = run(script('setInterval(() => {}, 1000)'), { kill: controller.signal });
    controller.abort();
    expect(await running).toMatchObject({ exitCode: null, signal: 'SIGKILL', hasTimedOut: false });
  });

  test('that cannot be started is a mistake of the user, with the way out', async () => {
    await expect(run(['./no-such-client'])).rejects.toMatchObject({
      kind: 'bad-option',
      message: expect.stringContaining('there is no ./no-such-client'),
    });
    const file = path.join(temporaryFolder(), 'client.sh');
    fs.writeFileSync(file, '#!/bin/sh\n', { mode: 0o644 });
    await expect(run([file])).rejects.toMatchObject({ message: expect.stringContaining('chmod +x') });
    await expect(run([process.execPath, 'x'.repeat(1 << 22)])).rejects.toMatchObject({ kind: 'bad-option' });
  });

  test('has a name', () => {
    expect(() => new CommandDriver({ argv: [''], useShell: false, environment: {} })).toThrow(/empty command/);
  });
});
