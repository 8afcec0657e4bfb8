import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { callProgram } from '../support/called-program.ts';
import { runCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const configs = path.resolve(import.meta.dirname, '../../fixtures/configs');
const clusterFile = path.join(configs, 'roles-and-groups.yaml');

const usageErrors: ReadonlyArray<readonly [args: readonly string[], message: string]> = [
  [['serve', '--bogus'], "unknown option '--bogus'"],
  [['serve', '--prot', '1'], "unknown option '--prot' (Did you mean --port? --help tells what there is)"],
  [['serve', 'here'], "too many arguments for 'serve'"],
  [['sevre'], "unknown command 'sevre' (Did you mean serve? --help tells what there is)"],
  [['--bogus'], "unknown option '--bogus'"],
  [['serve', '--port'], "option '--port <n>' argument missing"],
  [['serve', '--port', 'abc'], "option '--port <n>' argument 'abc' is invalid. A whole number is wanted."],
  [['serve', '--port', '-1'], "option '--port <n>' argument '-1' is invalid. A whole number is wanted."],
  [['serve', '--port', '65535'], 'port 65535: the last of 3 nodes has no port left'],
  [['serve', '--rate', '1e3'], "option '--rate <r>' argument '1e3' is invalid. A number of 0 or more is wanted."],
  [['serve', '--speed', '-1'], "option '--speed <x>' argument '-1' is invalid. A number of 0 or more is wanted."],
  [['serve', '--seed', '1.5'], "option '--seed <n>' argument '1.5' is invalid. A whole number is wanted."],
  [['check', '--', './no-such-client'], 'the client cannot be started: there is no ./no-such-client'],
  [['check', '--', ''], 'the client is an empty command: name a program, such as ./my-backup.sh'],
  [['check', '--only=', '--', 'true'], 'A glob of ids is wanted, such as log/**.'],
  [
    ['check', '--only', 'log/all-groups', '--', 'true'],
    '--only log/all-groups matches no scenario: it is a rule, judged in',
  ],
  [['check', '--restore=', '--', 'true'], "option '--restore <cmd>' argument '' is invalid. It is empty."],
  [['check', '--timeout', '0s', '--', 'true'], "argument '0s' is invalid. A time from 1ms to 24d is wanted."],
  [['check', '--timeout', '25d', '--', 'true'], "argument '25d' is invalid. A time from 1ms to 24d is wanted."],
  [['check', '--report', 'json=-', '--', 'true'], 'Name a file: stdout has what the console shows.'],
  [['check', '--report', 'json=/', '--', 'true'], '--report json: / is a folder'],
  [['check', '--report', 'json=a', '--report', 'html=./a', '--', 'true'], './a is where --report json goes, too'],
  [['check', '--out', 'package.json', '--', 'true'], 'nothing can be kept in package.json'],
  [['check', '--out', '', '--', 'true'], "option '--out <dir>' argument '' is invalid. It is empty."],
  [['selftest', '--json', '/'], '--json: / is a folder'],
  [['demo', 'log-cleaned-between-runs', '--html', './absent/page.html'], '--html: there is no folder'],
  [['serve', '--segment-size', 'big'], '"big" is not a size: write 64KiB, 1MiB, 2GiB or a number of bytes'],
  [['serve', '--contexts', ''], 'a context name has 1 to 100 characters'],
  [['serve', '--contexts', '../../etc'], '"../../etc" begins or ends with a dot or a space'],
  [
    ['serve', '--server-version', '3.1'],
    "option '--server-version <v>' argument '3.1' is invalid. Allowed choices are documented",
  ],
  [
    ['check', '--server-version', '3.1', '--', 'true'],
    "argument '3.1' is invalid. Allowed choices are documented, 4.2, 4.5, 4.6, 2023.2, 2024.2, 2025.2, 2026.0, all.",
  ],
  [
    ['serve', '--nodes', '3', '--cluster', clusterFile],
    "option '--cluster <file>' cannot be used with option '--nodes <n>'",
  ],
  [
    ['serve', '--cluster', clusterFile, '--contexts', 'a'],
    "option '--cluster <file>' cannot be used with option '--contexts <a,b>'",
  ],
  [['serve', '--cluster', path.join(configs, 'absent.yaml')], 'absent.yaml: there is no such file'],
  [['serve', '--cluster', 'package.json'], 'package.json:2: name: nothing is known of this'],
  [['serve', '--token', ''], 'the token is empty: leave it out to have no access control'],
  [['serve', '--data-dir', ''], 'the data folder has no name: leave it out for a temporary one'],
];

describe('usage errors', () => {
  test.each(usageErrors)('%j is one clear line and exit code 64', async (args, message) => {
    const temporary = temporaryFolder();
    const { code, stdout, stderr } = await callProgram(args, { TMPDIR: temporary });
    expect({ code, stdout, stderr }).toEqual({
      code: 64,
      stdout: '',
      stderr: expect.stringMatching(/^axon-backup-kit: .+\n$/),
    });
    expect(stderr).toContain(message);
    expect(fs.readdirSync(temporary)).toEqual([]);
  });
});

test('the process itself ends so: with one line and 64', async () => {
  const { code, stdout, stderr } = await runCli(['check', '--bogus']);
  expect([code, stdout]).toEqual([64, '']);
  expect(stderr).toMatch(/^axon-backup-kit: unknown option '--bogus'.+\n$/);
});

test('a place for temporary files that is not there is a usage error too', async () => {
  const { code, stdout, stderr } = await callProgram(['check', '--', 'true'], { TMPDIR: '/not/there' });
  expect([code, stdout]).toEqual([64, '']);
  expect(stderr).toMatch(/^axon-backup-kit: no temporary folder can be made in \/not\/there.+\n$/);
});

describe('help', () => {
  test.each([['--help'], ['-h'], ['help'], []])(
    'the command alone, with %s, tells of its commands and has an example',
    async (...args) => {
      const { code, stdout, stderr } = await callProgram(args.filter((arg) => arg !== undefined));
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toContain('Usage: axon-backup-kit');
      expect(stdout).toContain('serve [options]');
      expect(stdout).toContain('$ axon-backup-kit serve');
    },
  );

  test('serve --help has every option of the contract with its default, and examples', async () => {
    const { code, stdout } = await callProgram(['serve', '--help']);
    expect(code).toBe(0);
    const text = stdout.replaceAll(/\s+/g, ' ');
    const defaults = [
      ['--port <n>', '(default: 8024)'],
      ['--host <h>', '(default: "127.0.0.1")'],
      ['--nodes <n>', '(default: 3)'],
      ['--contexts <a,b>', '(default: default)'],
      ['--cluster <file>', 'YAML or JSON'],
      ['--data-dir <dir>', '(default: a temporary folder)'],
      ['--rate <r>', '(default: 1)'],
      ['--max-disk <s>', '(default: 2GiB)'],
      ['--seed <n>', '(default: 1)'],
      ['--speed <x>', '(default: 60)'],
      ['--server-version <v>', 'default: "documented")'],
      ['--segment-size <s>', '(default: 1MiB)'],
      ['--log-segment-size <s>', '(default: 256KiB)'],
      ['--token <t>', ''],
      ['--json', ''],
    ] as const;
    for (const [place, [option, standard]] of defaults.entries()) {
      const from = text.indexOf(option);
      const next = defaults[place + 1]?.[0] ?? '-h, --help';
      expect(from).toBeGreaterThan(0);
      expect(text.slice(from, text.indexOf(next, from))).toContain(standard);
    }
    expect(stdout).toContain('$ axon-backup-kit serve --port 0 --json');
  });

  test('--version is that of the package', async () => {
    const manifest = fs.readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8');
    const { code, stdout } = await runCli(['--version']);
    expect([code, stdout]).toEqual([0, `${(JSON.parse(manifest) as { version: string }).version}\n`]);
  });
});

test('from a folder that is gone one line says so', async () => {
  const folder = temporaryFolder();
  const script = 'rm -r "$PWD"; exec "$@"';
  const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
  for (const command of [
    ['serve', '--port', '0'],
    ['list', 'rules'],
  ]) {
    fs.mkdirSync(folder, { recursive: true });
    const { status, stderr } = spawnSync('bash', ['-c', script, 'bash', process.execPath, cli, ...command], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([70, expect.stringMatching(/^axon-backup-kit: the folder .* is gone: .*\n$/)]);
  }
});
