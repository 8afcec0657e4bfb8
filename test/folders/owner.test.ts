import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { formatOwner, isCertainlyGone, parseOwner, thisOwner } from '../../folders/owner.ts';
import { parseStat, startOfProcess, stateOf } from '../../folders/process-state.ts';
import { endedProcess } from '../support/ended-process.ts';

const hasProc = fs.existsSync('/proc/self/stat');

describe('the process that a folder belongs to', () => {
  test('comes back from its text, and from no other text', () => {
    for (const owner of [thisOwner(), { ...thisOwner(), started: null }]) {
      expect(parseOwner(formatOwner(owner))).toEqual(owner);
    }
    for (const text of ['', '1', '0-1-00000000', '-1-1-00000000', '1e3-1-00000000', '1-1-0000000g', '1-1-00000000-'])
      expect(parseOwner(text)).toBeNull();
  });

  test('lives, as this one does, or has certainly ended', () => {
    expect(isCertainlyGone(thisOwner())).toBe(false);
    expect(isCertainlyGone(endedProcess())).toBe(true);
  });

  test.skipIf(!hasProc)('is told from another that has got its number since', () => {
    const me = thisOwner();
    expect(isCertainlyGone({ ...me, started: (me.started ?? 0n) - 1n })).toBe(true);
    // Where it was not noted when it began, who knows?
    expect(isCertainlyGone({ ...me, started: null })).toBe(false);
  });

  test('may well live where its number means nothing here: on another machine, in another container', () => {
    const ended = endedProcess();
    const place = ended.place === '00000000' ? '11111111' : '00000000';
    expect(isCertainlyGone({ ...ended, place })).toBe(false);
  });

  // A killed check whose parent does not ask how it ended keeps its number for as long as that parent lives.
  test('is gone where it has ended and nobody has asked how', () => {
    const line = `4711 (a (b) c) Z 1 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 8812345 0 0`;
    expect(parseStat(line)).toEqual({ state: 'gone' });
    expect(parseStat(line.replace(' Z ', ' S '))).toEqual({ state: 'living', started: 8812345n });
    for (const damaged of ['', '4711', '4711 (a', line.replace('8812345', 'x')])
      expect(parseStat(damaged.replace(' Z ', ' S ')).state).not.toBe('living');
  });

  test.skipIf(!hasProc)('has begun when the system says so', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    onTestFinished(() => void child.kill('SIGKILL'));
    const [older, younger] = [stateOf(process.pid), stateOf(child.pid ?? 0)];
    if (older.state !== 'living' || younger.state !== 'living') throw new Error('both live');
    expect(younger.started).toBeGreaterThan(older.started);
    expect(startOfProcess(child.pid ?? 0)).toMatch(new RegExp(`^[-0-9a-f]{36}/${younger.started}$`));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(stateOf(child.pid ?? 0)).toEqual({ state: 'gone' });
    expect(startOfProcess(child.pid ?? 0)).toBeNull();
  });
});
