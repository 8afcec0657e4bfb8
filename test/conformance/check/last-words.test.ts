import { expect, test } from 'vitest';
import { FunctionDriver } from '../../../conformance/driver/function-driver.ts';
import { runConformance } from '../../../conformance/check/run-conformance.ts';
import { CommandDriver } from '../../../conformance/driver/command-driver.ts';
import { formatHtml } from '../../../conformance/reporters/html.ts';
import { formatJson } from '../../../conformance/reporters/json.ts';
import { formatJunit } from '../../../conformance/reporters/junit.ts';
import { formatMarkdown } from '../../../conformance/reporters/markdown.ts';
import type { Report } from '../../../conformance/verdict/report.ts';

/** Asks for what it is told to, with the token in the clear and a control character, and fails. */
const loud = `
  await fetch(process.env.AXONSERVER_URL + '/v1/public/me');
  console.error('cannot write ' + process.env.BACKUP_DIR + ' of ' + process.env.AXONSERVER_URL);
  console.error('\\u001b[31mtoken ' + process.env.AXONSERVER_TOKEN);
  process.exit(4);`;

function check(code: string, only: string): Promise<Report> {
  const argv = [process.execPath, '--input-type=module', '-e', code];
  const driver = new CommandDriver({ argv, useShell: false, environment: process.env });
  return runConformance({
    driver: { argv: ['client'], run: (told) => driver.run(told) },
    only: [only],
    keepsFailures: false,
  });
}

test('every report has what the client said last: no token, no control, no name that differs each time', async () => {
  const report = await check(loud, 'access/token-needed');
  const [run] = report.scenarios[0]?.runs ?? [];
  expect(run).toMatchObject({
    exitCode: 4,
    stderrTail: ['cannot write $BACKUP_DIR of http://node-1', String.raw`\x1b[31mtoken ***`],
  });
  for (const format of [formatJson, formatJunit, formatMarkdown, (each: Report) => formatHtml(each)]) {
    expect(format(report)).toContain('cannot write $BACKUP_DIR of http://node-1');
  }
  expect(formatJunit(report)).toContain('<system-err>run 1:\ncannot write');
});

test('of a run that ended well nothing is kept', async () => {
  const report = await check("console.error('done')", 'growth/first-backup');
  expect(report.scenarios[0]?.runs[0]).not.toHaveProperty('stderrTail');
});

test('a client that ends with 127 is not tried again', async () => {
  let runs = 0;
  const driver = {
    argv: ['bash', 'nope'],
    run: async () => {
      runs++;
      return {
        exitCode: 127,
        signal: null,
        hasTimedOut: false,
        stdout: '',
        stderr: 'bash: nope: No such file or directory\n',
      };
    },
  };
  const options = { driver, jobs: 1, only: ['growth/*'], refusesClientThatCannotRun: true };
  await expect(runConformance(options)).rejects.toMatchObject({
    kind: 'bad-option',
    message: 'the client cannot be started: it exited with 127: bash: nope: No such file or directory',
  });
  expect(runs).toBe(1);
});

test('a client that fails once it has asked for something is judged', async () => {
  const driver = new FunctionDriver(async ({ url }) => {
    await fetch(`${url}/v1/public/me`);
    throw new Error('no');
  });
  const options = {
    driver,
    only: ['growth/grows-between-runs'],
    refusesClientThatCannotRun: true,
    keepsFailures: false,
  };
  const report = await runConformance(options);
  expect(report.scenarios[0]?.runs.length).toBeGreaterThan(1);
  expect(report.exitCode).not.toBe(0);
});
