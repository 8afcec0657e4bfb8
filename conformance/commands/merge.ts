import type { Command } from 'commander';
import { mergeReports } from '../check/merge-reports.ts';
import { rules } from '../rules/catalog.ts';
import { scenarios } from '../scenarios/catalog.ts';
import { complain } from './complaints.ts';
import { EXIT_KIT_FAILED, type ExitWith } from './exit-code.ts';
import { requireWritable } from './output-files.ts';
import { readReport } from './report-files.ts';
import { addReportOptions, filesOf, publish, type ReportFlags } from './report-targets.ts';

const examples = `
Example:
  $ axon-backup-kit merge report-1.json report-2.json --report junit=report.xml --report html=report.html
      the JSON reports of all shards of one check, in any order; pictures are in the shards' own HTML reports alone

Exit codes: as of check, of all together; 2 where a shard is missing and nothing has failed.`;

/** `merge`: JSON reports of shards → one report, as if all had been played in one check. */
export function addMergeCommand(program: Command, exitWith: ExitWith): void {
  const command = program
    .command('merge')
    .description('one report of several shards')
    .argument('<report...>', 'JSON reports of one check, a shard each');
  addReportOptions(command)
    .addHelpText('after', examples)
    .action((files: readonly string[], flags: ReportFlags) => exitWith(merge(files, flags)));
}

function merge(files: readonly string[], flags: ReportFlags): number {
  requireWritable(filesOf(flags.report));
  const reports = files.map((file) => ({ file, report: readReport(file, null) }));
  const report = mergeReports(
    reports,
    rules,
    scenarios.map(({ id }) => id),
  );
  const unwritten = publish(report, flags, {
    journals: [],
    ruleOf: (id) => rules.find((rule) => rule.id === id),
    storyOf: (id) => scenarios.find((scenario) => scenario.id === id),
  });
  unwritten.forEach(complain);
  return unwritten.length > 0 ? EXIT_KIT_FAILED : report.exitCode;
}
