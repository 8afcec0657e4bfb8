import * as fs from 'node:fs';
import path from 'node:path';
import { Option, type Command } from 'commander';
import { makeFolder } from '../../folders/make-folder.ts';
import { packageFolder } from '../../folders/package-folder.ts';
import { AxonError, describeSystemFailure } from '../../server/index.ts';
import { alignColumns } from '../reporters/layout.ts';
import { quoteWord } from '../check/report/repro.ts';
import { commandAsCalled } from './as-called.ts';
import { USUAL_CONFIG_FILE } from './config-file.ts';

/** Where the CI file lies, by whose it is. */
const ciFiles = { github: '.github/workflows/backup.yml', gitlab: '.gitlab-ci.yml' } as const;

interface InitFlags {
  readonly ci: keyof typeof ciFiles;
}

const examples = `
Example:
  $ axon-backup-kit init
  $ axon-backup-kit check
      the starter client, as the config file has it; it passes, and is there to be replaced`;

/** `init`: a client to begin with, a config file for `check`, a CI file. What is there already stays as it is. */
export function addInitCommand(program: Command): void {
  program
    .command('init')
    .description('a starter client, a config file, a CI file; never overwrites')
    .argument('[dir]', 'where to; it is made where it is not there', '.')
    .addOption(new Option('--ci <whose>', 'whose CI file').choices(Object.keys(ciFiles)).default('github'))
    .addHelpText('after', examples)
    .allowExcessArguments(false)
    .action((folder: string, { ci }: InitFlags) => {
      process.stdout.write(init(folder, ci));
    });
}

/** Returns what has become of each file, and what to do next. */
function init(folder: string, ci: InitFlags['ci']): string {
  const files = [
    ['backup.sh', 'backup.sh', 'the client: control database, logs, events; with curl and jq'],
    [USUAL_CONFIG_FILE, USUAL_CONFIG_FILE, 'what `check` plays, and with which client'],
    [`${ci}/backup.yml`, ciFiles[ci], 'the check on each push'],
  ] as const;
  const rows = files.map(([from, to, what]) => {
    const isNew = copyOnce(starterFile(from), path.join(folder, to));
    return [isNew ? 'written' : 'kept', path.join(folder, to), isNew ? what : 'it is there already'];
  });
  const kit = commandAsCalled({ argv: process.argv, environment: process.env, workingDir: process.cwd() }).join(' ');
  const go = path.relative('.', folder) === '' ? '' : `cd ${quoteWord(folder)} && `;
  return `${[...alignColumns(rows), '', `next     ${go}${kit} check`].join('\n')}\n`;
}

/** Part of the package. */
function starterFile(name: string): string {
  return path.join(packageFolder, 'conformance/starter', name);
}

/** False where something of that name is there already, whatever it is. */
function copyOnce(from: string, to: string): boolean {
  try {
    makeFolder(path.dirname(to));
    if (fs.lstatSync(to, { throwIfNoEntry: false }) !== undefined) return false;
    fs.writeFileSync(to, fs.readFileSync(from), { flag: 'wx', mode: from.endsWith('.sh') ? 0o755 : 0o644 });
    return true;
  } catch (error) {
    throw new AxonError('bad-option', `${to} cannot be written: ${describeSystemFailure(error)}`);
  }
}
