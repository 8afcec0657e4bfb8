import * as fs from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { formatGithubAnnotations } from '../../../conformance/reporters/github.ts';
import { formatJson } from '../../../conformance/reporters/json.ts';
import { arbitraryReport } from '../../support/arbitrary-report.ts';
import { buildReport, buildRule, failedRule, ruleResult, scenarioResult } from '../../support/report.ts';
import { callProgram } from '../../support/called-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const failing = buildReport(
  [
    scenarioResult({
      rules: [
        failedRule(),
        ruleResult({ id: 'cursor/incremental', level: 'should', status: 'warn', message: '50%: listed, again' }),
      ],
      loss: [{ context: 'default', type: 'EVENT', events: 12, virtualTime: 200 }],
    }),
    scenarioResult({ id: 'log/quiet', hazards: [{ id: 'log-cleaned', reached: false }], status: 'inconclusive' }),
  ],
  { expectedFailures: ['log/quiet:order/control-db-first'] },
);

describe('annotations on GitHub', () => {
  test('are an error for each cause, a warning for what is less, and a notice of the exit code', () => {
    const rule = buildRule();
    expect(formatGithubAnnotations(failing, (id) => (id === rule.id ? rule : undefined))).toMatchInlineSnapshot(`
      "::error title=order/control-db-first (1 scenario)::Create the control database backup before copying any log segment.%0Aseen in growth/quiet: GET /v1/backup/log/filenames?context=default%0Aexpected a control database backup earlier in this run%0Aactual none at all%0Awhat to do: Send \`POST /v1/backup/createControlDbBackup\` first, and wait for its answer.%0Aat worst a restore loses 12 events of default (EVENT), written over 3m 20s of virtual time%0Arepeat with: axon-backup-kit check --only growth/quiet --seed 1 -- ./backup.sh
      ::error title=known failure log/quiet%3Aorder/control-db-first::no longer fails: take it off the list
      ::warning title=a SHOULD rule failed%3A cursor/incremental (1 scenario)::growth/quiet: 50%25: listed, again
      ::warning title=not proved%3A log/quiet::not reached: log-cleaned
      ::notice title=exit 1::a MUST rule failed; an expected failure no longer fails, and has to go from the list
      "
    `);
  });

  test('are no more of a level than GitHub shows, and the last one counts the rest', () => {
    const rules = Array.from({ length: 25 }, (_none, place) => failedRule({ id: `area/rule-${place}` }));
    const lines = formatGithubAnnotations(buildReport([scenarioResult({ rules })])).split('\n');
    const errors = lines.filter((line) => line.startsWith('::error '));
    expect(errors).toHaveLength(10);
    expect(errors.at(-1)).toContain('title=and 16 more::');
  });

  test('are commands of our own alone, whatever the client has said', () => {
    fc.assert(
      fc.property(arbitraryReport, (report) => {
        const lines = formatGithubAnnotations(report).split('\n');
        expect(lines.pop()).toBe('');
        for (const line of lines) {
          expect(line).toMatch(/^::(?:error|warning|notice) title=[^:,\r]*::[^\r]*$/);
        }
      }),
    );
  });
});

test('--report github annotates and appends to the step summary on GitHub, and does nothing elsewhere', async () => {
  const folder = temporaryFolder();
  const [report, summary] = [path.join(folder, 'report.json'), path.join(folder, 'summary.md')];
  fs.writeFileSync(report, formatJson(failing));
  fs.writeFileSync(summary, 'before\n');
  const args = ['merge', report, '--report', 'github', '--quiet'];
  vi.stubEnv('GITHUB_ACTIONS', undefined).stubEnv('GITHUB_STEP_SUMMARY', undefined);
  const elsewhere = await callProgram(args);
  vi.stubEnv('GITHUB_ACTIONS', 'true').stubEnv('GITHUB_STEP_SUMMARY', summary);
  const there = await callProgram(args);
  vi.unstubAllEnvs();
  expect(elsewhere.stdout).not.toContain('::');
  expect(there).toMatchObject({ code: 1, stderr: '', stdout: expect.stringContaining('::error title=order/') });
  expect(fs.readFileSync(summary, 'utf8')).toMatch(/^before\n## Backup conformance: ✗ failed\n/);
});
