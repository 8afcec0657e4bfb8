import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Option, type Command } from 'commander';
import { AxonError } from '../../server/index.ts';
import { demonstrations } from '../demo/catalog.ts';
import { limitKept } from '../../folders/sweep.ts';
import { makeTemporaryFolder } from '../../folders/temporary-folder.ts';
import { playDemonstration, type DemonstratedClient } from '../demo/play.ts';
import { formatDemoPage } from '../reporters/demo-page.ts';
import { formatDemonstrations, formatOpening, formatOutcome, formatSide } from '../reporters/demo-text.ts';
import { createReporterStyle } from '../reporters/style.ts';
import { complain, countFolders, describeLeftBehind } from './complaints.ts';
import type { ExitWith } from './exit-code.ts';
import { untilInterrupted } from './interruption.ts';
import { requireWritable } from './output-files.ts';
import { parseText, parseTimeout, parseWhole } from './option-values.ts';

interface DemoFlags {
  readonly json?: string;
  readonly html?: string;
  readonly seed: number;
  readonly timeout: number;
}

const examples = `
Examples:
  $ axon-backup-kit demo
      lists the hazards

  $ axon-backup-kit demo copy-past-the-next-cleaning --json demo.json
      plays one: a naive client and a correct one, and restores what each has left`;

/** `demo`: a hazard, seen. */
export function addDemoCommand(program: Command, clients: readonly DemonstratedClient[], exitWith: ExitWith): void {
  program
    .command('demo')
    .description('show a compaction hazard, naive client beside correct client')
    .argument('[hazard]', 'which one; without it the hazards are listed')
    .option(
      '--html <file>',
      'where the page with the two timelines goes (default: HAZARD.html in a temporary folder)',
      parseText,
    )
    .option('--json <file>', 'write the reports of both clients as JSON', parseText)
    .option('--seed <n>', 'of every cluster', parseWhole, 1)
    .addOption(new Option('--timeout <d>', 'of one run of a client').default(60_000, '60s').argParser(parseTimeout))
    .addHelpText('after', examples)
    .action((hazard: string | undefined, flags: DemoFlags) =>
      untilInterrupted(async (signal) => {
        await demonstrate(hazard, flags, clients, signal);
        return 0;
      }, exitWith),
    );
}

async function demonstrate(
  hazard: string | undefined,
  { json, html, seed, timeout }: DemoFlags,
  clients: readonly DemonstratedClient[],
  signal: AbortSignal,
): Promise<void> {
  const style = createReporterStyle(process.stdout, process.env);
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  if (hazard === undefined) return print(formatDemonstrations(demonstrations, style));
  const demonstration = demonstrations.find(({ id }) => id === hazard);
  if (demonstration === undefined) {
    const known = demonstrations.map(({ id }) => id).join(', ');
    throw new AxonError('bad-option', `there is no hazard "${hazard}" to show; there are ${known}`);
  }
  requireWritable([
    ...(json === undefined ? [] : [{ option: '--json', file: json }]),
    ...(html === undefined ? [] : [{ option: '--html', file: html }]),
  ]);
  print(formatOpening(demonstration, style));
  const played = await playDemonstration(demonstration, {
    clients,
    environment: process.env,
    seed,
    timeoutMs: timeout,
    signal,
    onLeftBehind: (reasons) => complain(describeLeftBehind(reasons)),
    onSide: (side, isNaive) => print(formatSide(side, isNaive, style)),
  });
  print(formatOutcome(played, style));
  const file = html ?? path.join(makeTemporaryFolder(os.tmpdir(), 'demo'), `${hazard}.html`);
  const removed = html === undefined ? limitKept(os.tmpdir(), 'demo') : 0;
  fs.writeFileSync(file, formatDemoPage(played));
  print(`The two timelines: ${file}`);
  if (removed > 0) complain(`removed ${countFolders(removed)} of earlier demonstrations, of which the newest are kept`);
  if (json !== undefined) {
    const reports = { hazard, naive: played.naive.report, correct: played.correct.report };
    fs.writeFileSync(json, `${JSON.stringify(reports, null, 2)}\n`);
  }
}
