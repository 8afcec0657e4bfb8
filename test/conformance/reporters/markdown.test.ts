import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatMarkdown } from '../../../conformance/reporters/markdown.ts';
import { arbitraryReport, hostile } from '../../support/arbitrary-report.ts';
import { buildReport, buildRule, failedRule, finding, ruleResult, scenarioResult } from '../../support/report.ts';

const codeBlocks = /^(`{3,})\w*\n[\s\S]*?\n\1$/gm;

/** Cells of each row of each table: what stands between pipes that are not escaped. A client can say a row as well, in a block of code. */
function rowsOf(markdown: string): string[][] {
  const lines = markdown
    .replaceAll(codeBlocks, '')
    .split('\n')
    .filter((line) => line.startsWith('| '));
  return lines.map((line) => line.split(/(?<!\\)\|/).slice(1, -1));
}

/** Without code, in which nothing is markup. */
function withoutCode(markdown: string): string {
  return markdown.replaceAll(codeBlocks, '').replaceAll(/(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)/g, '');
}

describe('the Markdown report', () => {
  test('has the verdict, the scenarios, each failure, and the grid', () => {
    const report = buildReport([
      scenarioResult(),
      scenarioResult({
        id: 'log/cleaned',
        title: 'the log is cleaned',
        rules: [failedRule(), ruleResult({ id: 'log/replaced', status: 'inconclusive', message: 'no log' })],
        hazards: [{ id: 'log-cleaned', reached: false }],
        loss: [{ context: 'default', type: 'EVENT', events: 12, virtualTime: 200 }],
        repro: 'axon-backup-kit check --only log/cleaned -- ./backup.sh',
      }),
    ]);
    expect(formatMarkdown(report, () => buildRule())).toMatchInlineSnapshot(`
      "## Backup conformance: ✗ failed

      **exit 1**: a MUST rule failed.

      - client: \`./backup.sh {url}\`
      - axon-backup-kit 1.2.3, the documented server, seed 1
      - scenarios: 1 fail, 1 pass
      - judgements: 1 fail, 1 inconclusive, 1 pass

      ### What is wrong: 1 cause

      1. \`order/control-db-first\` (1 scenario): Create the control database backup before copying any log segment.
         - seen in \`log/cleaned\`: \`GET /v1/backup/log/filenames?context=default: none at all\`
         - expected: \`a control database backup earlier in this run\`
         - what to do: Send \`POST /v1/backup/createControlDbBackup\` first, and wait for its answer.
         - at worst a restore loses \`12 events of default (EVENT), written over 3m 20s of virtual time\`

      Start here:

      \`\`\`sh
      axon-backup-kit check --only log/cleaned -- ./backup.sh
      \`\`\`

      ### Scenarios

      | # | scenario | situation | verdict | runs | a restore loses |
      | --- | --- | --- | --- | --- | --- |
      | 1 | \`growth/quiet\` | nothing happens | ✓ pass | 1 | nothing |
      | 2 | \`log/cleaned\` | the log is cleaned | ✗ fail | 1 | \`12 events of default (EVENT), written over 3m 20s of virtual time\` |

      ### Failures

      #### ✗ fail \`log/cleaned\`

      **✗ fail** \`order/control-db-first\` (must): Create the control database backup before copying any log segment.

      \`\`\`text
      GET /v1/backup/log/filenames?context=default
        when      run 1 at 2024-01-01T00:31:00.000Z, virtual time
        expected  a control database backup earlier in this run
        actual    none at all
      \`\`\`

      What to do: Send \`POST /v1/backup/createControlDbBackup\` first, and wait for its answer.

      A restore loses \`12 events of default (EVENT), written over 3m 20s of virtual time\`.

      Repeat with:

      \`\`\`sh
      axon-backup-kit check --only log/cleaned -- ./backup.sh
      \`\`\`

      ### Not proved

      - \`log/cleaned\`: hazard \`log-cleaned\` was not reached
      - \`log/cleaned\`: \`log/replaced\`: \`no log\`

      <details><summary>Rules and scenarios</summary>

      | rule | level | 1 | 2 |
      | --- | --- | --- | --- |
      | \`order/control-db-first\` | must | ✓ | ✗ |
      | \`log/replaced\` | must |   | ? |

      E error, ✗ fail, ? inconclusive, ! warn, ✓ pass, – not applicable; blank: not judged there

      </details>
      "
    `);
  });

  test('says of a green report what it has proved', () => {
    const text = formatMarkdown(buildReport([scenarioResult()]));
    expect(text).toMatch(/^## Backup conformance: ✓ passed\n\n\*\*exit 0\*\*: every MUST rule/);
    expect(text).toContain('- 1 rule proved in 1 scenario;');
    expect(text).not.toContain('### Failures');
  });

  test('names what was expected to fail, and the kit that failed', () => {
    const expected = buildReport([scenarioResult({ rules: [failedRule(), ruleResult({ id: 'log/replaced' })] })], {
      expectedFailures: ['order/control-db-first', 'log/replaced'],
    });
    expect(formatMarkdown(expected)).toContain('(must, expected to fail)');
    expect(formatMarkdown(expected)).toContain('### Expected to fail, and no longer does\n\n- `log/replaced`\n');
    const broken = buildReport([scenarioResult({ status: 'error', rules: [], message: 'Error: no ports\n  at x' })]);
    expect(formatMarkdown(broken)).toContain('#### E error `growth/quiet`\n\n```text\nError: no ports\n  at x\n```\n');
  });

  test('pipes stay in their cells, and mark-up of a title is text', () => {
    const id = 'a|b';
    const title = 'x | *y* `c|d` <img>';
    const [head, rule, row] = rowsOf(formatMarkdown(buildReport([scenarioResult({ id, title })])));
    expect([head, rule, row].map((cells) => cells?.length)).toEqual([6, 6, 6]);
    expect(row?.slice(1, 3)).toEqual([
      String.raw` ${'`'}a\|b${'`'} `,
      String.raw` x \| \*y\* ${'`'}c\|d${'`'} &lt;img&gt; `,
    ]);
  });

  test('a fence is longer than any in what it holds', () => {
    const text = formatMarkdown(
      buildReport([scenarioResult({ rules: [failedRule({ evidence: [finding({ subject: '````' })] })] })]),
    );
    expect(text).toContain('`````text\n````\n');
  });

  test('fits into a comment, and counts what does not', () => {
    const rules = Array.from({ length: 30 }, (_nothing, place) =>
      failedRule({ id: `area/rule-${place}`, evidence: [finding(), finding()] }),
    );
    rules.push(
      ...Array.from({ length: 30 }, (_nothing, place) =>
        ruleResult({ id: `open/rule-${place}`, status: 'inconclusive' }),
      ),
    );
    const text = formatMarkdown(
      buildReport(Array.from({ length: 40 }, (_nothing, place) => scenarioResult({ id: `s/${place}`, rules }))),
    );
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/… and \d+ more of the scenarios above/);
    expect(text).toContain('- … and 1160 more;');
    expect(text).toContain('</details>');
  });

  test('tables are rectangular, and nothing of the client is markup', () => {
    fc.assert(
      fc.property(arbitraryReport, (report) => {
        const text = formatMarkdown(report);
        const widths = new Set(rowsOf(text).map((row) => row.length));
        const versions = new Set(report.scenarios.map(({ serverVersion }) => serverVersion)).size;
        const grid = new Set(report.scenarios.map(({ id }) => id)).size + 2;
        const allowed = report.serverVersion === 'all' ? [versions + 3, versions + 2, grid] : [6, grid];
        for (const width of widths) expect(allowed).toContain(width);
        expect(withoutCode(text)).not.toMatch(/<(?!details>|summary>|\/details>|\/summary>|br>)/);
      }),
    );
  });

  test('a row of a table that the client says stays in its block of code', () => {
    const rules = [failedRule({ evidence: [finding({ subject: '| a | b |' })] })];
    const text = formatMarkdown(buildReport([scenarioResult({ rules })]));
    expect(text.split('\n')).toContain('| a | b |');
    expect(rowsOf(text)).not.toContainEqual([' a ', ' b ']);
  });

  test('nobody is mentioned by what the client says', () => {
    const rules = [
      failedRule({ message: hostile, evidence: [finding({ actual: hostile })] }),
      ruleResult({ id: 'a/b', status: 'inconclusive', message: hostile }),
    ];
    const text = formatMarkdown(
      buildReport([scenarioResult({ rules, repro: hostile, message: hostile })], { argv: [hostile] }),
    );
    expect(text).toContain('@team');
    expect(withoutCode(text)).not.toContain('@team');
  });
});
