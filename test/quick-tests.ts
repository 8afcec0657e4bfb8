import * as fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** What takes its time: a process, a browser, a cluster that is served, a client that plays. By what a file names of it. */
const starting = [
  "'node:child_process'",
  'playwright-core',
  String.raw`\bstartSimulator\b`,
  'buildApp',
  String.raw`/program\.ts'`,
  String.raw`/check/(?:run-conformance|scenario-run|selftest)\.ts'`,
  String.raw`/driver/(?:command-driver|restore-command)\.ts'`,
  String.raw`/demo/play\.ts'`,
  String.raw`/explore/explore\.ts'`,
];
const startsSomething = new RegExp(starting.join('|'));

/** Files of tests that start nothing, neither themselves nor by what they have of test/; by path from the project's folder. */
export function quickTests(): string[] {
  return listTests().filter((file) => !reach(file, new Set()));
}

/** All files of tests. */
export function listTests(): string[] {
  return fs
    .readdirSync(path.join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join('test', name.split(path.sep).join('/')))
    .filter((name) => name.endsWith('.test.ts'))
    .toSorted();
}

/** Whether a file, or another of test/ that it imports, names something that starts something. */
function reach(file: string, seen: Set<string>): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  const code = fs.readFileSync(path.join(root, file), 'utf8');
  if (startsSomething.test(code)) return true;
  const imported = [...code.matchAll(/(?:from |import |import\()'(?<target>\.[^']+\.ts)'/g)]
    .map((match) => path.posix.join(path.posix.dirname(file), match.groups?.['target'] ?? ''))
    .filter((target) => target.startsWith('test/'));
  return imported.some((target) => reach(target, seen));
}
