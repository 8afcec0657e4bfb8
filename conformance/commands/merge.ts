import type { Command } from 'commander';
import { mergeReports } from '../check/report/merge-reports.ts';
import { rules } from '../rules/catalog.ts';
import { scenarios } from '../scenarios/catalog.ts';
import { complain } from './complaints.ts';
import { mergeVerification, readParts } from './merge-verification.ts';
import { EXIT_KIT_FAILED, type ExitWith } from './exit-code.ts';
import { requireWritable } from './output-files.ts';
import { readReport } from './report-files.ts';
import { addReportOptions, filesOf, publish, type ReportFlags } from './report-targets.ts';

const examples = `
Example:
  $ axon-backup-kit merge report-1.json report-2.json --report junit=report.xml --report html=report.html
      the JSON reports of all shards of one check, in any order; pictures are in the shards' own HTML reports alone

  $ axon-backup-kit merge part-*.json --report json=verified.json
      the parts of one verification (verify --shard I/N --json); of these there are json= and html=

Exit codes: of a verification as of verify; as of check, of all together; 2 where a shard is missing and nothing has failed.`;

/** `merge`: JSON of shards → one report, as if all had been played in one check, or one machine had verified all. */
export function addMergeCommand(program: Command, exitWith: ExitWith): void {
  const command = program
    .command('merge')
    .description('one report of several shards')
    .argument('<report...>', 'JSON of one check, or of one verification, a shard each');
  addReportOptions(command)
    .addHelpText('after', examples)
    .action(async (files: readonly string[], flags: ReportFlags) => exitWith(await merge(files, flags)));
}

async function merge(files: readonly string[], flags: ReportFlags): Promise<number> {
  requireWritable(filesOf(flags.report));
  const parts = readParts(files);
  if (parts !== null) return mergeVerification(parts, flags);
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
