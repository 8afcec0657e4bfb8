import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { requireReadOnly } from '../../conformance/driver/read-only-source.ts';
import { runShell } from '../support/ci-files.ts';
import { startCli } from '../support/cli.ts';
import { writeStandInDocker } from '../support/stand-in-docker.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/*
 * What docs/prove-a-sidecar.md says to a shell, said to one: in a project whose config file selects one scenario, where
 * `my-backup.sh` is the reference in bash and `docker` a stand-in that hands on what it is told to.
 */

const root = path.resolve(import.meta.dirname, '../..');
const page = fs.readFileSync(path.join(root, 'docs/prove-a-sidecar.md'), 'utf8');

function snippet(name: string): string {
  const found = new RegExp(`<!-- ${name} -->\\n\`\`\`sh\\n(?<text>[\\s\\S]*?)\`\`\``).exec(page)?.groups?.['text'];
  if (found === undefined) throw new Error(`docs/prove-a-sidecar.md has no ${name}`);
  return found;
}

let folder = '';
const call = `npx() { shift; '${process.execPath}' '${root}/dist/cli.js' "$@"; }; sudo() { "$@"; }\n`;

function say(name: string): ReturnType<typeof runShell> {
  return runShell(call + snippet(name), folder, { PATH: `${folder}:${process.env['PATH']}` });
}

/** A child of this process can be another user, and can have a mount of its own. */
function isPrivileged(): boolean {
  try {
    requireReadOnly(os.tmpdir());
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}

describe('the page about sidecars', () => {
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sidecar-'));
    // For another user to read.
    fs.chmodSync(folder, 0o755);
    fs.copyFileSync(path.join(root, 'fixtures/clients/reference.sh'), path.join(folder, 'my-backup.sh'));
    fs.writeFileSync(path.join(folder, 'axon-backup-kit.yaml'), 'only: listing/mounted-elsewhere\nfail-on: warn\n');
    writeStandInDocker(folder, 'registry.example/backup-job:1', `bash '${folder}/my-backup.sh'`);
    return () => fs.rmSync(folder, { recursive: true });
  });

  test('proves a client whose files are mounted elsewhere', async () => {
    const { code, output } = await say('sidecar');
    expect(output).toContain('every MUST rule was judged and passed');
    expect(code).toBe(0);
  });

  test.runIf(isPrivileged())('proves it as another user, that may only read', async () => {
    const { code, output } = await say('as-user');
    expect(output).toContain('every MUST rule was judged and passed');
    expect(code).toBe(0);
  });

  test('prints the line for a container, which is good as it stands', async () => {
    expect((await say('container')).output).toBe(snippet('container-line'));
    const { code, output } = await say('container-check');
    expect(output).toContain('every MUST rule was judged and passed');
    expect(code).toBe(0);
  });

  test('shows names as a release spells them, and where the files lie', async () => {
    const [, , ...words] = snippet('serve').trim().split(' ');
    const { nodes } = JSON.parse(await startCli([...words, '--port', '0', '--json']).firstLine) as {
      readonly nodes: ReadonlyArray<{ readonly url: string; readonly pathMap: string }>;
    };
    const zip = await fetch(`${nodes[0]?.url}/v1/backup/createControlDbBackup`, { method: 'POST' });
    const named = await zip.text();
    expect(named).toMatch(/^\/axonserver\/\.\/controldb\d+\.zip$/);
    expect(fs.existsSync(placeOf(named, nodes[0]?.pathMap ?? ''))).toBe(true);
  });

  test.each([
    ['/axonserver/./events/default/a.events', '/mnt/a=b/default/a.events'],
    ['/axonserver//././events/default//a.events', '/mnt/a=b/default/a.events'],
    ['/axonserver/controldb1.zip', '/mnt/zips/controldb1.zip'],
    ['/axonserver/events2/a.events', '/mnt/zips/events2/a.events'],
  ])('has a shell that finds %s', (named, place) => {
    expect(placeOf(named, '/axonserver/events=/mnt/a=b\n/axonserver=/mnt/zips')).toBe(place);
  });

  test('has one that fails where nothing is mounted', () => {
    expect(() => placeOf('/axonserver/controldb1.zip', '/axonserver/events=/mnt')).toThrow(
      'is in no folder that is mounted',
    );
  });
});

/** By the function of the page, in the plainest shell. */
function placeOf(named: string, pathMap: string): string {
  const env = { PATH: process.env['PATH'], AXONSERVER_PATH_MAP: pathMap };
  const script = `${snippet('place-of.sh')}\nplace_of "$1"`;
  return execFileSync('sh', ['-ec', script, 'sh', named], {
    cwd: temporaryFolder(),
    env,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trimEnd();
}
