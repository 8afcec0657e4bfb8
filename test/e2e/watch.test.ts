import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseJsonReport } from '../../conformance/reporters/parse-json.ts';
import { callProgram } from '../support/called-program.ts';
import { startCli } from '../support/cli.ts';
import { argvOfBuilt, fixtureClient } from '../support/fixture-client.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A server in a process of its own, in which time goes on; its folders have a second name. */
async function serve(): Promise<{ readonly url: string; readonly dataDir: string; readonly mounted: string }> {
  const folder = temporaryFolder();
  const [dataDir, mounted] = [path.join(folder, 'data'), path.join(folder, 'mounted')];
  const sizes = ['--segment-size', '16KiB', '--log-segment-size', '16KiB'];
  const running = startCli([
    'serve',
    '--json',
    '--port',
    '0',
    '--nodes',
    '1',
    '--rate',
    '10',
    '--speed',
    '10',
    ...sizes,
    '--data-dir',
    dataDir,
  ]);
  const { nodes } = JSON.parse(await running.firstLine) as { readonly nodes: ReadonlyArray<{ readonly url: string }> };
  fs.symlinkSync(dataDir, mounted);
  const url = nodes[0]?.url ?? '';
  // Until something has closed, a client has little to do wrong.
  await expect.poll(async () => closedIn(url), { timeout: 60_000 }).toBeGreaterThan(1);
  return { url, dataDir, mounted };
}

async function closedIn(url: string): Promise<number> {
  const answer = await fetch(`${url}/v1/backup/filenames?context=default&type=EVENT`);
  return ((await answer.json()) as readonly string[]).filter((name) => name.endsWith('.index')).length;
}

describe('watch', () => {
  test('proves a good client before a server in another process, and catches a bad one by its rule', async () => {
    const { url, dataDir, mounted } = await serve();
    const folder = temporaryFolder();
    const report = path.join(folder, 'watched.json');
    const guide = fs.readFileSync(path.join(import.meta.dirname, '../../docs/watch-a-real-server.md'), 'utf8');
    const printed = /<!-- watched -->\n```sh\nnpx axon-backup-kit (?<words>.+) -- bash .\/my-backup.sh\n/.exec(guide);
    const page = path.join(folder, 'watched.html');
    const shown = (printed?.groups?.['words'] ?? '')
      .replace('http://127.0.0.1:8024', url)
      .replace('watched.html', page);
    const words = ['watch', '--target', url, '--map', `${dataDir}=${mounted}`, '--report', `json=${report}`];
    const out = path.join(folder, 'left');
    const reference = argvOfBuilt(fixtureClient('reference'));
    const good = await callProgram([...shown.split(' '), ...words.slice(3), '--out', out, '--', ...reference]);
    expect(good.stdout).toContain('CONSISTENT');
    expect(good.stdout).toContain('needs the fake cluster');
    expect(good.code).toBe(0);
    expect(fs.readFileSync(page, 'utf8')).toContain('order/control-db-first');
    const { serverVersion, scenarios } = parseJsonReport(fs.readFileSync(report, 'utf8'), report);
    expect(serverVersion).toBe('real');
    expect(scenarios).toMatchObject([{ id: 'watch/trace', runs: [{ run: 1 }, { run: 2 }] }]);
    expect(fs.readdirSync(path.join(out, 'backup')).length).toBeGreaterThan(0);

    const mutant = argvOfBuilt(fixtureClient('events-before-post'));
    const bad = await callProgram([...words, '--quiet', '--', ...mutant]);
    expect(bad.code).toBe(1);
    const failed = parseJsonReport(fs.readFileSync(report, 'utf8'), report).rules.filter(
      ({ status }) => status === 'fail',
    );
    expect(failed.map(({ id }) => id)).toContain('order/control-db-first');
    fs.rmSync(/^left in +(?<folder>.+)$/m.exec(bad.stdout)?.groups?.['folder'] ?? '', { recursive: true });

    const again = await callProgram([...words, '--out', out, '--', ...reference]);
    expect([again.code, again.stderr.trim().split('\n')]).toEqual([
      64,
      [expect.stringContaining('there is something in it')],
    ]);
  });

  test.each([
    [['watch', '--', 'true'], "required option '--target <url>' not specified"],
    [['watch', '--target', 'http://127.0.0.1:1'], 'no client to watch'],
    [['watch', '--target', 'http://127.0.0.1:1', '--', 'true'], 'nobody listens there'],
    [['watch', '--target', 'http://127.0.0.1:1', '--map', 'x', '--', 'true'], 'write SERVER=LOCAL'],
    [['watch', '--target', 'http://127.0.0.1:1', '--runs', '0', '--', 'true'], 'one run at least'],
  ])('refuses %j in one line', async (words, message) => {
    const { code, stderr } = await callProgram(words);
    expect([code, stderr.trim().split('\n').length]).toEqual([64, 1]);
    expect(stderr).toContain(message);
  });
});
