import path from 'node:path';

/** What a process knows of how it was started. */
export interface Calling {
  /** As Node has it: the program, the script, and what the user gave. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDir: string;
}

const NAME = 'axon-backup-kit';

/**
 * The words that call this program again, from the same folder and by the same way: the bare name where that is on the
 * PATH, `npx axon-backup-kit` where it is a dependency of the project, `node dist/cli.js` where the file was named.
 */
export function commandAsCalled({ argv, environment, workingDir }: Calling): readonly string[] {
  const script = path.resolve(workingDir, argv[1] ?? NAME);
  const folder = path.dirname(script);
  const isOfPackages = folder.split(path.sep).join('/').endsWith('/node_modules/.bin');
  // npx and scripts of a package.json put such folders on the PATH, for themselves alone.
  if (isOfPackages || environment['npm_command'] === 'exec') return ['npx', NAME];
  if (path.basename(script) !== NAME) return ['node', relativeTo(workingDir, script)];
  const onPath = (environment['PATH'] ?? '').split(path.delimiter).map((each) => path.resolve(workingDir, each || '.'));
  return [onPath.includes(folder) ? NAME : relativeTo(workingDir, script, './')];
}

/** Below the working folder relative, elsewhere absolute; `prefix` for what a shell would look for on its PATH. */
function relativeTo(workingDir: string, file: string, prefix = ''): string {
  const relative = path.relative(workingDir, file);
  if (relative.startsWith('..') || path.isAbsolute(relative)) return file;
  return relative.includes(path.sep) ? relative : `${prefix}${relative}`;
}
