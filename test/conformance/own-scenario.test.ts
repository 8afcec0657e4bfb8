import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { callProgram } from '../support/called-program.ts';
import type { Ended } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = path.resolve(import.meta.dirname, '../..');
const page = fs.readFileSync(path.join(root, 'docs/write-your-own-scenario.md'), 'utf8');
const reference = ['--', process.execPath, path.join(root, 'dist/fixtures/clients/reference.js')];

/** What stands in the page in a block of code that is named. */
function blockOf(name: string): string {
  const pattern = new RegExp(`<!-- ${name.replace('.', '[.]')} -->\\n\`\`\`\\w+\\n(?<code>[\\s\\S]*?)\`\`\``);
  const code = pattern.exec(page)?.groups?.['code'];
  if (code === undefined) throw new Error(`the page has no block ${name}`);
  return code;
}

function saved(name: string, text: string): string {
  const file = path.join(temporaryFolder(), name);
  fs.writeFileSync(file, text);
  return file;
}

/** The command as the page prints it, without npx and with another client. */
function wordsOf(line: string, file: string): string[] {
  const [before = ''] = line.split(' -- ');
  return before
    .replace('npx axon-backup-kit ', '')
    .split(' ')
    .map((word) => (/\.(?:yaml|json)$/.test(word) ? file : word));
}

async function check(file: string, client: readonly string[] = reference): Promise<Omit<Ended, 'signal'>> {
  return callProgram(['check', '--scenario', file, ...client]);
}

describe('the page on scenarios of your own', () => {
  test('has a file that the reference client passes, played as it says', async () => {
    const file = saved('restart-at-night.yaml', blockOf('restart-at-night.yaml'));
    const words = wordsOf(blockOf('play').trim(), file);
    expect(words.slice(0, 2)).toEqual(['check', '--scenario']);
    const { code, stdout } = await callProgram([...words, ...reference]);
    expect(stdout).toMatch(/✓ pass +own\/restart-at-night /);
    expect(code).toBe(0);
  });

  test('begins with a scenario of the kit, printed as it says', async () => {
    const [print = '', play = ''] = blockOf('begin').trim().split('\n');
    const printed = await callProgram(wordsOf(print.split(' > ')[0] ?? '', ''));
    const file = saved('my-scenario.json', printed.stdout);
    const { code, stdout } = await callProgram([...wordsOf(play, file), ...reference]);
    expect([code, stdout.split('\n')[0]]).toEqual([0, expect.stringContaining('log/compacted-while-copying')]);
  });

  test('names every kind of step that there is', () => {
    const schema = fs.readFileSync(path.join(root, 'conformance/schema/scenario.schema.json'), 'utf8');
    const kinds = [...schema.matchAll(/"kind": \{[^{}]*"const": "(?<kind>[\w-]+)"/g)].map(([, kind]) => kind);
    expect(kinds.length).toBeGreaterThan(15);
    expect(kinds.filter((kind) => !page.includes(`\`${kind}\``))).toEqual([]);
  });

  test('shows the line that a mistake comes to', async () => {
    const text = blockOf('restart-at-night.yaml').replace('by: 10m', 'by: 10x');
    const file = saved('restart-at-night.yaml', text);
    const { code, stderr } = await check(file);
    const shown = /`restart-at-night\.yaml(?<message>:[^`]*)`/.exec(page)?.groups?.['message'];
    expect(stderr).toContain(`restart-at-night.yaml${shown}`);
    expect(code).toBe(64);
  });
});

describe('a scenario of one’s own', () => {
  test('that a client fails says how to play it again, from its file', async () => {
    const file = saved('one-run.yaml', 'steps: [{ kind: append, transactions: 9 }, { kind: run }]');
    const { code, stdout } = await check(file, ['--', 'true']);
    expect(stdout).toContain(` check --scenario ${file} --seed 1 -- true`);
    expect(code).toBe(1);
  });

  test('that a hazard of its own is not reached in proves nothing', async () => {
    const file = saved(
      'calm.yaml',
      'hazards: [log-cleaned-between-runs]\nsteps: [{ kind: append, transactions: 9 }, { kind: run }]',
    );
    const { code, stdout } = await check(file);
    expect(stdout).toContain('log-cleaned-between-runs');
    expect(code).toBe(2);
  });

  test('that wants what the cluster refuses is inconclusive, and says what was refused', async () => {
    const steps = ['node-2', 'node-3'].map((node) => `{ kind: crash, node: ${node} }`).join(', ');
    const file = saved('minority.yaml', `steps: [${steps}, { kind: append, transactions: 1 }, { kind: run }]`);
    const { code, stdout } = await check(file);
    expect(stdout).toContain('the cluster refuses append:');
    expect(code).toBe(2);
  });

  test('that has the id of another one is refused, and so is a file that is not there', async () => {
    const [one, other] = [saved('a.yaml', 'steps: [{ kind: run }]'), saved('a.yaml', 'steps: [{ kind: run }]')];
    const twice = await callProgram(['check', '--scenario', one, '--scenario', other, '--', 'true']);
    expect([twice.code, twice.stderr]).toEqual([64, expect.stringContaining(`its id own/a is that of ${one}, too`)]);
    const absent = await check('/nowhere/at/all.yaml');
    expect([absent.code, absent.stderr]).toEqual([64, expect.stringContaining('there is no such file')]);
  });
});
