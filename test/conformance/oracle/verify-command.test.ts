import * as fs from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { addMergeCommand } from '../../../conformance/commands/merge.ts';
import { formatVerification } from '../../../conformance/commands/verify-text.ts';
import { addVerifyCommand } from '../../../conformance/commands/verify.ts';
import { plainStyle } from '../../../conformance/reporters/style.ts';
import { verifyBackup } from '../../../conformance/oracle/verification/verify-backup.ts';
import { fileAt, flipByte, sharedBackup } from '../../support/backups.ts';
import { realBackup } from '../../support/real-backups.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const goodBackup = sharedBackup();

afterEach(() => {
  vi.restoreAllMocks();
});

/** Runs the command as cli.ts does; what it prints, and with which code the process would end. */
async function run(...argv: readonly string[]): Promise<{ readonly output: string; readonly exitCode: unknown }> {
  return runCommand(addVerifyCommand, ['verify', ...argv]);
}

async function runCommand(
  add: typeof addVerifyCommand,
  argv: readonly string[],
): Promise<{ readonly output: string; readonly exitCode: unknown }> {
  let output = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  const program = new Command('axon-backup-kit').exitOverride().configureOutput({ writeErr: () => undefined });
  let exitCode: number | null = null;
  add(program, (code) => (exitCode = code));
  await program.parseAsync([...argv], { from: 'user' });
  vi.restoreAllMocks();
  return { output, exitCode };
}

describe('verify', () => {
  test('ends with 0 where all is consistent, and prints what was found', async () => {
    const { output, exitCode } = await run(goodBackup().folder);
    expect(exitCode).toBe(0);
    expect(output).toContain('A node starts on it');
    expect(output).toMatch(/can be restored +yes: events, log and control database join/);
    expect(output).toMatch(/to which moment +default: \d{4}-\d\d-\d\dT\S+Z \(token \d+\)/);
    expect(output).toContain('CONSISTENT');
    expect(output).not.toContain('\u001b');
  });

  test('ends with 1 where it is not', async () => {
    const backup = goodBackup();
    flipByte(fileAt(backup, 'events/default', '.events', 1), 60);
    const { output, exitCode } = await run(backup.folder);
    expect(exitCode).toBe(1);
    expect(output).toContain('NOT CONSISTENT');
    expect(output).toMatch(/can be restored +no, not as it is: 1 problem/);
    expect(output).toMatch(/what to do +copy that file anew/);
    expect(output).toMatch(/bad-checksum {2}events\/default\/\d{20}\.events/);
  });

  test('ends with 2 where there is nothing', async () => {
    expect(await run(temporaryFolder())).toMatchObject({
      exitCode: 2,
      output: expect.stringContaining('NOTHING TO VERIFY'),
    });
  });

  test('prints JSON that says the same', async () => {
    const { folder } = goodBackup();
    const { output, exitCode } = await run(folder, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(output)).toEqual(await verifyBackup(folder));
  });

  test('fails on a path that is not there, and on options that are none', async () => {
    await expect(run(path.join(temporaryFolder(), 'none'))).rejects.toMatchObject({ kind: 'bad-option' });
    await expect(run('.', '--nonsense')).rejects.toThrow('unknown option');
    await expect(run('.', 'another')).rejects.toThrow('too many arguments');
  });
});

test('names of files that hold control characters are shown, not obeyed', async () => {
  const { folder } = goodBackup();
  fs.writeFileSync(path.join(folder, 'a\u001b[31mred.zip'), 'x');
  const text = formatVerification(await verifyBackup(folder), plainStyle);
  expect(text).toContain('\\x1b[31mred.zip');
  expect(text).not.toContain('\u001b');
});

test('the answer comes first and fits on a screen, whatever is wrong', async () => {
  const text = formatVerification(await verifyBackup(realBackup({ entriesLess: 3, eventsLess: 3 }).folder), plainStyle);
  const answer = text.slice(0, text.indexOf('Events and snapshots')).trim().split('\n');
  expect(answer[0]).toBe('In short');
  expect(answer.length).toBeLessThan(24);
  expect(answer.join('\n')).toMatch(/what is missing +default: the log ends at \d+, the control database has/);
  expect(answer.join('\n')).toContain('take the backup anew');
});

test('contexts that are backed up in another way are named as not judged', async () => {
  const text = formatVerification(await verifyBackup(realBackup({ database: 'small-2.4.240' }).folder), plainStyle);
  expect(text).toMatch(/what is missing +not judged here, as POST \/v2\/backup alone backs them up: orders-0/);
});

describe('verify --report html=', () => {
  test('leaves a page with the answer, the problems and the tables, in which nothing of the backup does anything', async () => {
    const file = path.join(temporaryFolder(), '<b>.html');
    const { folder } = realBackup({ entriesLess: 3 });
    fs.writeFileSync(path.join(folder, '<script>alert(1).tar'), 'no tar');
    const { exitCode } = await run(folder, '--report', `html=${file}`);
    expect(exitCode).toBe(1);
    const page = fs.readFileSync(file, 'utf8');
    expect(page).toContain("default-src 'none'");
    expect(page).toMatch(/<dt>can be restored<\/dt><dd>no, not as it is: /);
    expect(page).toContain('<td>log-ends-too-early</td>');
    expect(page).toContain('<h2>Events and snapshots</h2>');
    expect(page).not.toContain('<script');
  });

  test('of a good backup says so first, and what a restore would hold', async () => {
    const file = path.join(temporaryFolder(), 'page.html');
    expect(await run(goodBackup().folder, '--report', `html=${file}`)).toMatchObject({ exitCode: 0 });
    const page = fs.readFileSync(file, 'utf8');
    expect(page).toMatch(/<p class="verdict pass">.*CONSISTENT: what is there fits together/);
    expect(page).not.toContain('<h2>Problems</h2>');
    expect(page).toContain('A node starts on it, and after applying its log holds:');
  });

  test.each(['json=a', 'html=', 'html'])('takes no %s', async (value) => {
    await expect(run(goodBackup().folder, '--report', value)).rejects.toThrow('Write html=FILE.');
  });
});

describe('merge, of parts of a verification', () => {
  async function partsIn(folder: string, backup: string): Promise<string[]> {
    const files: string[] = [];
    for (const index of [1, 2]) {
      const { output, exitCode } = await run(backup, '--shard', `${index}/2`, '--json');
      expect(exitCode).toBe(0);
      files.push(path.join(folder, `part-${index}.json`));
      fs.writeFileSync(files.at(-1) ?? '', output);
    }
    return files;
  }

  async function merge(...argv: readonly string[]): Promise<{ readonly output: string; readonly exitCode: unknown }> {
    return runCommand(addMergeCommand, ['merge', ...argv]);
  }

  test('prints what verify prints, and ends as it does; without a part nothing is judged', async () => {
    const { folder: backup } = realBackup();
    const [one = '', two = ''] = await partsIn(temporaryFolder(), backup);
    expect(await merge(two, one)).toEqual(await run(backup));
    expect(await merge(two, one, '--quiet')).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/^CONSISTENT/),
    });
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(await merge(two)).toMatchObject({ exitCode: 2, output: '' });
  });

  test('a part for people says what it read, and that the rest is for merge', async () => {
    const { output, exitCode } = await run(realBackup().folder, '--shard', '2/3');
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^Part 2 of 3: \d+ files, \d+ MiB\nNothing wrong with these by themselves\./);
  });

  test('takes no other file for a part', async () => {
    const folder = temporaryFolder();
    const [one = ''] = await partsIn(folder, realBackup().folder);
    fs.writeFileSync(path.join(folder, 'other.json'), '{"kind":"report"}');
    await expect(merge(one, path.join(folder, 'other.json'))).rejects.toMatchObject({ kind: 'bad-option' });
  });
});
