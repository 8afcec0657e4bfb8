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

/**
 * A folder with nothing in it but what says that the package is a dependency, and the packed package itself: a project as it
 * comes out of a repository, in which nothing is installed yet. It goes with the other one.
 */
export function checkedOut({ folder }: UserProject): string {
  const fresh = path.join(folder, 'checked-out');
  fs.mkdirSync(fresh);
  for (const name of fs.readdirSync(folder).filter((each) => /^package(-lock)?\.json$|\.tgz$/.test(each))) {
    fs.copyFileSync(path.join(folder, name), path.join(fresh, name));
  }
  // The lock file has the versions that are at hand, and what we keep back is kept back in it.
  const manifest = path.join(fresh, 'package.json');
  fs.writeFileSync(manifest, JSON.stringify({ ...readJson(manifest), overrides: ours().overrides }));
  return fresh;
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

function ours(): { readonly overrides?: object } {
  return readJson(path.join(projectFolder, 'package.json'));
}

function readJson(file: string): object {
  return JSON.parse(fs.readFileSync(file, 'utf8')) as object;
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
