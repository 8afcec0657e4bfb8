import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { unpackBy, unpackWith, type UnpackLimits } from '../../../conformance/driver/restore-command.ts';
import { isAlive } from '../../support/is-alive.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const limits: UnpackLimits = { timeoutMs: 20_000, signal: new AbortController().signal };
const environment = { PATH: process.env['PATH'], AXONSERVER_TOKEN: 'of production' };

describe('a restore command', () => {
  test('is told of both folders, and nothing of the cluster', async () => {
    const [backupDir, restoreDir] = [temporaryFolder(), temporaryFolder()];
    fs.writeFileSync(path.join(backupDir, 'a file'), 'bytes');
    const command = 'cp "$BACKUP_DIR/a file" "$RESTORE_DIR"; echo "$AXONSERVER_TOKEN" > "$RESTORE_DIR/token"';
    await unpackWith(command, environment)(backupDir, restoreDir, limits);
    expect(fs.readFileSync(path.join(restoreDir, 'a file'), 'utf8')).toBe('bytes');
    expect(fs.readFileSync(path.join(restoreDir, 'token'), 'utf8')).toBe('\n');
  });

  test('that ends with another code than 0 refuses the store, in its own words', async () => {
    const unpacked = unpackWith('echo "not a store" >&2; echo sorry >&2; exit 3', environment)('/b', '/r', limits);
    await expect(unpacked).rejects.toMatchObject({
      kind: 'restore-command-failed',
      message: '--restore ended with 3: not a store; sorry',
    });
  });

  test('that takes longer than a run may is ended, with all that it has started', async () => {
    const file = path.join(temporaryFolder(), 'pid');
    const unpacked = unpackWith(`sleep 300 & echo $! > ${file}; wait`, environment)('/b', '/r', {
      ...limits,
      timeoutMs: 500,
    });
    await expect(unpacked).rejects.toMatchObject({
      kind: 'restore-command-failed',
      message: expect.stringContaining('did not end within 0.5 s'),
    });
    const pid = Number(fs.readFileSync(file, 'utf8'));
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  test('may say as much as it likes', async () => {
    const talk = `${process.execPath} -e 'process.stderr.write("x".repeat(3e6)); process.exitCode = 1'`;
    const unpacked = unpackWith(talk, environment)('/b', '/r', limits);
    await expect(unpacked).rejects.toMatchObject({
      message: expect.stringMatching(/^--restore ended with 1: .{1,600}$/),
    });
  });

  test('that is not there is a slip of the pen, unless it was there before', async () => {
    const file = path.join(temporaryFolder(), 'unpack.sh');
    const unpack = unpackWith(`bash ${file}`, environment);
    const slip = { kind: 'bad-option', message: expect.stringContaining('--restore cannot be started: ') };
    await expect(unpack('/b', '/r', limits)).rejects.toMatchObject(slip);
    fs.writeFileSync(file, 'exit 0');
    await unpack('/b', '/r', limits);
    fs.rmSync(file);
    await expect(unpack('/b', '/r', limits)).rejects.toMatchObject({ kind: 'restore-command-failed' });
  });

  test('ends with the check', async () => {
    const stop = new AbortController();
    const unpacked = unpackWith('sleep 300', environment)('/b', '/r', { ...limits, signal: stop.signal });
    stop.abort();
    await expect(unpacked).rejects.toMatchObject({ kind: 'interrupted' });
  });
});

describe('a restore function', () => {
  test('that rejects refuses the store', async () => {
    const unpacked = unpackBy(() => Promise.reject(new Error('no key')))('/b', '/r', limits);
    await expect(unpacked).rejects.toMatchObject({
      kind: 'restore-command-failed',
      message: 'the restore function failed: no key',
    });
  });

  test('that never ends is given up', async () => {
    const unpacked = unpackBy(() => new Promise(() => undefined))('/b', '/r', { ...limits, timeoutMs: 1 });
    await expect(unpacked).rejects.toMatchObject({ kind: 'restore-command-failed' });
  });

  test('ends with the check', async () => {
    const unpacked = unpackBy(() => new Promise(() => undefined))('/b', '/r', {
      ...limits,
      signal: AbortSignal.abort(),
    });
    await expect(unpacked).rejects.toMatchObject({ kind: 'interrupted' });
  });
});
