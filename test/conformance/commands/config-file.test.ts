import * as fs from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addCheckOptions } from '../../../conformance/commands/check-options.ts';
import { applyConfig } from '../../../conformance/commands/config-file.ts';
import { ConfigFile } from '../../../conformance/commands/config-schema.ts';
import type { Report } from '../../../conformance/index.ts';
import { callProgram } from '../../support/called-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = path.resolve(import.meta.dirname, '../../..');

function write(text: string): string {
  const file = path.join(temporaryFolder(), 'kit.yaml');
  fs.writeFileSync(file, text);
  return file;
}

/** What a command line and a file come to. */
function readWith(text: string, line = ''): { options: Record<string, unknown>; client: readonly string[] } {
  const command = addCheckOptions(new Command('check').argument('[command...]'));
  command
    .exitOverride()
    .parse(['--config', write(text), ...line.split(' ').filter((word) => word !== '')], { from: 'user' });
  const client = applyConfig(command, command.args);
  return { options: command.opts(), client };
}

test('the schema that is shipped for editors is the one that files are held against', () => {
  const shipped = fs.readFileSync(path.join(root, 'conformance/schema/config.schema.json'), 'utf8');
  const way = 'conformance/schema/config.schema.json is not current: write it as shown';
  expect(JSON.parse(shipped), way).toEqual(JSON.parse(JSON.stringify(ConfigFile)));
});

test('the file has every option of check by its name, but for the one that names the file', () => {
  const options = addCheckOptions(new Command()).options.map((option) => option.name());
  const keys = Object.keys(ConfigFile.properties).filter((key) => key !== '$schema' && key !== 'client');
  expect(keys.toSorted()).toEqual(
    options.filter((name) => !['config', 'print-container-command'].includes(name)).toSorted(),
  );
});

describe('a config file', () => {
  test('says what the command line could say, in the same words', () => {
    const asFile = readWith(`
      client: [bash, ./my-backup.sh]
      only: log/**
      skip: [log/tail-*, log/index-files]
      jobs: 3
      seed: 7
      server-version: '4.6'
      timeout: 90s
      report: [junit=backup.xml, html=backup.html, github]
      capabilities: [no-open-segment, in-place]
      expected-failures: known.txt
      fail-on: warn
      restore: my-tool
      bail: true
      shard: 2/4
      verbose: true
    `);
    const asFlags = readWith(
      '',
      [
        '--only log/** --skip log/tail-* --skip log/index-files --jobs 3 --seed 7 --server-version 4.6 --timeout 90s',
        '--report junit=backup.xml --report html=backup.html --report github --shard 2/4 --verbose --bail',
        '--capabilities no-open-segment,in-place --expected-failures known.txt --fail-on warn --restore my-tool',
        '-- bash ./my-backup.sh',
      ].join(' '),
    );
    expect({ ...asFile.options, config: '' }).toEqual({ ...asFlags.options, config: '' });
    expect(asFile.client).toEqual(asFlags.client);
  });

  test('gives way to the command line, option by option, and to its client', () => {
    const text =
      'client: [a]\nonly: [log/**]\nreport: json=a.json\nserver-version: all\nbail: 3\nquiet: true\njobs: 2\n';
    const { options, client } = readWith(
      text,
      '--only growth/* --report json=b.json --server-version documented --bail --verbose -- b c',
    );
    expect(options).toMatchObject({
      only: ['growth/*'],
      report: [{ kind: 'json', file: 'b.json' }],
      serverVersion: 'documented',
      bail: 1,
      quiet: false,
      verbose: true,
      jobs: 2,
    });
    expect(client).toEqual(['b', 'c']);
  });

  test('may have a version as the number that YAML takes it for', () => {
    const versions = ['4.6', '2023.2', '2026.0', '"4.5"', 'all'].map(
      (text) => readWith(`server-version: ${text}\n`).options,
    );
    expect(versions.map((options) => options['serverVersion'])).toEqual(['4.6', '2023.2', '2026.0', '4.5', 'all']);
  });

  test('leaves out what it switches off', () => {
    expect(readWith('bail: false\nshell: false\n').options).toMatchObject({ shell: false });
    expect(readWith('bail: false\n').options).not.toHaveProperty('bail');
  });

  test.each([
    ['onyl: [log/**]', 'kit.yaml:1: onyl: nothing is known of this'],
    ['client: [a]\nserver-version: 3.1', 'kit.yaml:2: server-version: one of documented, 4.2'],
    ['client: ./my-backup.sh', 'kit.yaml:1: client: must be array'],
    ['jobs: 0', 'kit.yaml:1: jobs: must be >= 1'],
    ['jobs: 1000', 'kit.yaml:1: jobs: A number from 1 to 256 is wanted.'],
    ['client: [a]\n\ntimeout: soon', 'kit.yaml:3: timeout: '],
    ['shard: 5/4', 'kit.yaml:1: shard: Write I/N'],
    ['report: [pdf=a.pdf]', 'kit.yaml:1: report: Write KIND=FILE'],
    ['[a', 'kit.yaml:1: '],
    ['- a', 'kit.yaml:1: must be object'],
  ])('%j is refused in one line with the file and the line in it', async (text, message) => {
    const args = ['check', '--config', write(text), '--', 'true'];
    const { code, stdout, stderr } = await callProgram(args);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toMatch(/^.+\n$/);
    expect(stderr).toContain(message);
  });

  test('that is named and not there is a sentence', async () => {
    const { code, stderr } = await callProgram(['check', '--config', '/not/there.yaml', '--', 'true']);
    expect([code, stderr]).toEqual([64, 'axon-backup-kit: --config /not/there.yaml: there is no such file\n']);
  });

  test('is enough for a check, and its name stands in what repeats a scenario', async () => {
    const report = path.join(temporaryFolder(), 'report.json');
    const post = "fetch(`${process.env.AXONSERVER_URL}/v1/backup/createControlDbBackup`, { method: 'POST' })";
    const config = { client: ['node', '-e', post], only: 'growth/first-backup', report: `json=${report}`, quiet: true };
    const file = write(JSON.stringify(config));
    const { code } = await callProgram(['check', '--config', file]);
    expect(code).toBe(1);
    const { client, scenarios } = JSON.parse(fs.readFileSync(report, 'utf8')) as Report;
    expect(client.argv).toEqual(config.client);
    expect(scenarios[0]?.repro).toContain(`--only growth/first-backup --seed 1 --config ${file} --`);
  });
});
