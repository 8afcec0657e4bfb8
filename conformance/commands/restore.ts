import { Option, type Command } from 'commander';
import { createReporterStyle } from '../reporters/style.ts';
import { restoreBackup } from '../restore/restore-backup.ts';
import { layouts, type Layout } from '../restore/restore-plan.ts';
import type { ExitWith } from './exit-code.ts';
import { untilInterrupted } from './interruption.ts';
import { parseText } from './option-values.ts';
import { ProgressLine } from './progress-line.ts';
import { showReading } from './reading-line.ts';
import { formatRestore } from './restore-text.ts';
import { EXIT_NOT_JUDGED, exitCodes, unlessTimeOver } from './verified-exit.ts';

interface RestoreFlags {
  readonly to: string;
  readonly node?: string;
  readonly layout: Layout;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

const examples = `
Examples:
  $ axon-backup-kit restore ./backup --to ./node-1
      data/, log/ and events/, to be mounted as the volumes of the official images

  $ axon-backup-kit restore backup.tar.gz --to ./restored --layout flat --dry-run
      data/ and log/, as a server has them that is told nothing; shows what would go where

  $ axon-backup-kit restore ./backup --to ./node-1 --layout split
      events/ and snapshots/ apart: for a server whose event.storage and snapshot.storage are two folders

Exit codes: 0 consistent; 1 not, and laid out with --force alone; 2 nothing to restore, or not read within the
time; 64 usage, or no room; 70 the disk refused.`;

/** `restore`: finds the newest whole backup, verifies it, and lays it out as a node wants it. */
export function addRestoreCommand(program: Command, exitWith: ExitWith): void {
  program
    .command('restore')
    .description('lay a backup out as the files of a node')
    .argument('<dir|archive>', 'the backup: a folder, or a zip, tar, tar.gz or gz')
    .requiredOption('--to <dir>', 'folder of the node: not there yet, or empty', parseText)
    .option('--node <name>', 'of a backup of several nodes: whose', parseText)
    .addOption(new Option('--layout <layout>', 'where a node has its files').choices([...layouts]).default('image'))
    .option('--dry-run', 'show what would go where, and write nothing', false)
    .option('--force', 'lay out what is not consistent, too', false)
    .option('--json', 'print JSON', false)
    .addHelpText('after', examples)
    .allowExcessArguments(false)
    .action((file: string, flags: RestoreFlags) =>
      untilInterrupted((signal) => restore(file, flags, signal), exitWith),
    );
}

async function restore(file: string, flags: RestoreFlags, signal: AbortSignal): Promise<number> {
  const line = new ProgressLine(process.stderr);
  const restored = restoreBackup(file, {
    to: flags.to,
    layout: flags.layout,
    node: flags.node ?? null,
    isForced: flags.force,
    isDryRun: flags.dryRun,
    signal,
    onReading: showReading(line, () => performance.now()),
    onProgress: (done, all) => line.show(`laying out ${mebibytes(done)} of ${mebibytes(all)} MiB`),
  });
  const result = await unlessTimeOver(restored).finally(() => line.clear());
  if (result === null) return EXIT_NOT_JUDGED;
  const style = createReporterStyle(process.stdout, process.env);
  process.stdout.write(
    flags.json ? `${JSON.stringify(result, null, 2)}\n` : formatRestore(result, flags.dryRun, style),
  );
  return exitCodes[result.verdict];
}

function mebibytes(bytes: number): number {
  return Math.floor(bytes / 1024 ** 2);
}
