import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockDataFolder } from '../../server/start/data-folder-lock.ts';
import { startOfProcess } from '../../folders/process-state.ts';
import { DataDir } from '../../server/stores/data-dir.ts';

describe('the lock of a data folder', () => {
  let folder: string;
  let lockFile: string;
  let other: ReturnType<typeof spawn>;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axon-lock-'));
    lockFile = path.join(folder, 'simulator', 'lock');
    fs.mkdirSync(path.dirname(lockFile));
    other = spawn('sleep', ['600'], { stdio: 'ignore' });
  });
  afterEach(() => {
    other.kill('SIGKILL');
    fs.rmSync(folder, { recursive: true, force: true });
  });

  test('a folder that a living process holds is refused, with its number and the way out', () => {
    fs.writeFileSync(lockFile, `${other.pid} ${startOfProcess(other.pid ?? 0)}\n`);
    expect(() => lockDataFolder(new DataDir(folder))).toThrow(
      `is in use by process ${other.pid}: stop it, or name another folder`,
    );
  });

  // A container's processes have small numbers: after a kill -9 the next start met an unrelated process of the old number.
  test('a lock of a killed process whose number another one has by now is taken over', () => {
    fs.writeFileSync(lockFile, `${other.pid} some-other-boot/12345\n`);
    const lock = lockDataFolder(new DataDir(folder));
    expect(fs.readFileSync(lockFile, 'utf8')).toBe(`${process.pid} ${startOfProcess(process.pid)}\n`);
    lock.release();
    expect(fs.existsSync(lockFile)).toBe(false);
  });

  test('a lock of an earlier release, which does not say when its process began, names the file to remove', () => {
    fs.writeFileSync(lockFile, `${other.pid}\n`);
    expect(() => lockDataFolder(new DataDir(folder))).toThrow(
      `which took the number of one that was killed, remove ${lockFile}`,
    );
  });

  test.each(['', 'nobody\n', '0\n', '-7\n', '1e3\n', `${'9'.repeat(5000)}\n`])(
    'a lock file that no process can have written is passed over: %j',
    (text) => {
      fs.writeFileSync(lockFile, text);
      lockDataFolder(new DataDir(folder)).release();
    },
  );

  test('who releases removes no lock of somebody else', () => {
    const lock = lockDataFolder(new DataDir(folder));
    fs.writeFileSync(lockFile, `${other.pid} ${startOfProcess(other.pid ?? 0)}\n`);
    lock.release();
    expect(fs.existsSync(lockFile)).toBe(true);
  });
});
