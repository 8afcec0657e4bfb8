import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const projectFolder = path.resolve(import.meta.dirname, '../..');
const userProject = path.resolve(import.meta.dirname, '../e2e/user-project');

/** A folder in which the packed package is installed, as a user has it, with a few programs that use it. */
export interface UserProject {
  readonly folder: string;
  /** What the package consists of, by path in it. */
  readonly files: readonly string[];
  remove(): void;
}

/** How a program ended, and what it said. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Packs what `npm run build` has built, and installs it in an empty folder. */
export async function installPacked(): Promise<UserProject> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axon-backup-kit-user-'));
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await run('npm', args, { cwd: projectFolder });
  const packed = JSON.parse(stdout) as Packed | readonly Packed[];
  const [{ filename, files }] = Object.values(packed) as [Packed];
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }));
  fs.writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify(lockWithoutRoot()));
  await run('npm', ['install', `./${filename}`, '--prefer-offline', '--no-audit', '--no-fund'], { cwd: folder });
  // What a user of these doors has beside; the very ones that are installed here already.
  for (const name of ['vitest', 'typescript', '@types/node']) link(name, folder);
  fs.cpSync(userProject, folder, { recursive: true });
  return {
    folder,
    files: files.map((file) => file.path),
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}

/** Runs a program of the project to its end, in its folder; `node` is the one that runs the test. */
export async function runIn({ folder }: UserProject, program: string, ...args: readonly string[]): Promise<Ran> {
  const file = program === 'node' ? process.execPath : path.join(folder, 'node_modules/.bin', program);
  // Whatever the runner of this test has set up is no affair of the user's own.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|TEST$)/.test(name)),
  );
  return new Promise((resolve) => {
    execFile(file, args, { cwd: folder, env: { ...env, TMPDIR: folder, NO_COLOR: '1' } }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
  });
}

interface Packed {
  readonly filename: string;
  readonly files: ReadonlyArray<{ readonly path: string }>;
}

/** Our lock file without what is ours alone: the same versions again, which npm has at hand. */
function lockWithoutRoot(): object {
  const lock = JSON.parse(fs.readFileSync(path.join(projectFolder, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
  };
  const packages = Object.entries(lock.packages).filter(([place, { dev }]) => place !== '' && dev !== true);
  return { ...lock, name: 'user', packages: { '': { name: 'user' }, ...Object.fromEntries(packages) } };
}

function link(name: string, folder: string): void {
  const place = path.join(folder, 'node_modules', name);
  fs.mkdirSync(path.dirname(place), { recursive: true });
  fs.symlinkSync(path.join(projectFolder, 'node_modules', name), place, 'dir');
}
