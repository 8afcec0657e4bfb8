import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { FunctionDriver, type ClientFunction } from '../../../conformance/driver/function-driver.ts';
import { unpackBy } from '../../../conformance/driver/restore-command.ts';
import { rules } from '../../../conformance/rules/catalog.ts';
import { judgeTrace, type JudgedTrace } from '../../../conformance/watch/judge-trace.ts';
import { openTarget } from '../../../conformance/watch/target.ts';
import { watch, type Watched, type WatchOptions } from '../../../conformance/watch/watch.ts';
import type { Simulator } from '../../../server/index.ts';
import { growSegments, stillSimulator, urlOf } from '../../support/simulator.ts';
import { inProcess } from '../../support/reference-in-process.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { segments, controlDb, logs, type Part } from '../../../fixtures/clients/steps/parts.ts';

async function play(
  simulator: Simulator,
  client: ClientFunction,
  options: Partial<WatchOptions> = {},
): Promise<{ watched: Watched; judged: JudgedTrace; folder: string }> {
  const folder = temporaryFolder();
  const target = openTarget(urlOf(simulator), null);
  try {
    const watched = await watch({
      target,
      token: null,
      mappings: [],
      driver: new FunctionDriver(client),
      runs: 1,
      folder,
      timeoutMs: 60_000,
      capabilities: [],
      signal: new AbortController().signal,
      nowMs: () => Date.now(),
      ...options,
    });
    return { watched, judged: judgeTrace(watched.evidence, rules, watched.facts), folder };
  } finally {
    await target.dispatcher.destroy();
  }
}

function failedIn({ rules: results }: JudgedTrace): string[] {
  return results.flatMap(({ id, status }) => (status === 'fail' ? [id] : []));
}

const grown = async (contextPath = ''): Promise<Simulator> => {
  const simulator = await stillSimulator({ contexts: ['default', 'orders'], contextPath });
  await growSegments(simulator);
  await growSegments(simulator, { type: 'SNAPSHOT' });
  return simulator;
};

describe('a client that is watched', () => {
  test('passes with a good backup, of a server below a path: what a trace can prove is proved, and the backup is verified', async () => {
    const simulator = await grown('/axonserver-1');
    const runs: number[] = [];
    const { watched, judged } = await play(simulator, inProcess(), {
      runs: 2,
      onRun: (run) => {
        runs.push(run);
      },
    });
    expect(runs).toEqual([1, 2]);
    expect(judged.status).toBe('pass');
    expect(watched.verification?.verdict).toBe('consistent');
    const proved = judged.rules.map(({ id }) => id);
    expect(proved).toEqual(
      expect.arrayContaining([
        'access/base-path',
        'order/log-within-30-minutes',
        'copy/faithful',
        'cursor/from-closed-segment',
        'log/replaced',
      ]),
    );
  });

  /** It was told of `_admin` and of a group for each context, none of which such a server has. */
  test('is told of no groups where the server is of the standard edition', async () => {
    const simulator = await stillSimulator({ edition: 'standard', serverVersion: '4.6' });
    await growSegments(simulator);
    const told: Array<readonly string[]> = [];
    const { watched, judged } = await play(simulator, async (invocation) => {
      told.push(invocation.groups);
      await inProcess()(invocation);
    });
    expect(told).toEqual([[]]);
    expect([judged.status, watched.verification?.verdict]).toEqual(['pass', 'consistent']);
  });

  /** `check` had `--restore`, and `watch` failed the same client for a backup of nothing. */
  test('may keep its backups in a store that its own tool reads: what that unpacks is judged, and what it refuses', async () => {
    const simulator = await grown();
    const plain = temporaryFolder();
    const client: ClientFunction = async (told) => {
      await inProcess()({ ...told, backupDir: plain });
      fs.writeFileSync(path.join(told.backupDir, 'store'), 'everything, in a way of its own');
    };
    const unpack = unpackBy(async (_backupDir, restoreDir) => fs.cpSync(plain, restoreDir, { recursive: true }));
    const { watched, judged, folder } = await play(simulator, client, { runs: 2, unpack });
    expect([judged.status, watched.verification?.verdict]).toEqual(['pass', 'consistent']);
    expect(fs.readdirSync(path.join(folder, 'backup'))).toEqual(['store']);

    const refuses = unpackBy(async (backupDir) => Promise.reject(new Error(`${backupDir}/store: not a store`)));
    const refused = await play(simulator, client, { unpack: refuses });
    expect(refused.watched.verification).toBeNull();
    const rule = refused.judged.rules.find(({ id }) => id === 'outcome/restorable');
    expect(rule?.evidence).toMatchObject([{ actual: expect.stringContaining('$BACKUP_DIR/store: not a store') }]);
  });

  test('is told what needs the fake cluster, each rule with the reason, and nothing follows from it', async () => {
    const { judged } = await play(await grown(), inProcess());
    expect(judged.beyond.map(({ id }) => id)).toEqual(
      rules.flatMap(({ id, needsCluster }) => (needsCluster === undefined ? [] : [id])),
    );
    for (const { status, message } of judged.beyond) {
      expect([status, message]).toEqual(['inconclusive', expect.stringMatching(/^needs the fake cluster: /)]);
    }
    expect(judged.status).toBe('pass');
  });

  test.each([
    ['events before the control database', { parts: [segments, controlDb, logs] }, 'order/control-db-first'],
    ['no log at all', { parts: [controlDb, segments] }, 'log/all-groups'],
  ] as const)('fails by the rule that a trace proves: %s', async (_what, changes, rule) => {
    const { judged } = await play(await grown(), inProcess(changes));
    expect(failedIn(judged)).toContain(rule);
  });

  test('fails with a backup that does not hold together, whatever it was asked for', async () => {
    const good = inProcess();
    const spoilt: ClientFunction = async (told) => {
      await good(told);
      const copied = fs
        .readdirSync(told.backupDir, { recursive: true, withFileTypes: true })
        .find((entry) => entry.name === '00000000000000000000.events');
      if (copied === undefined) throw new Error('There is no such copy');
      fs.truncateSync(path.join(copied.parentPath, copied.name), 100);
    };
    const { watched, judged } = await play(await grown(), spoilt);
    expect(watched.verification?.verdict).toBe('inconsistent');
    expect(failedIn(judged)).toEqual(expect.arrayContaining(['copy/faithful', 'outcome/restorable']));
  });

  test('fails with links to the files of the server in place of copies', async () => {
    const linked: Part = async (job) => {
      const [name = ''] = job.run.contexts;
      const listed = await fetch(`${job.run.url}/v1/backup/eventstore?targetContext=${name}&type=EVENT`);
      const { filenames } = (await listed.json()) as { readonly filenames: readonly string[] };
      for (const file of filenames) fs.linkSync(file, path.join(job.folder, path.basename(file)));
    };
    const { judged } = await play(await grown(), inProcess({ parts: [controlDb, logs, linked] }));
    expect(failedIn(judged)).toContain('copy/faithful');
  });

  test('is inconclusive where it copies files that cannot be looked at here', async () => {
    const mappings = [{ server: '/', local: '/nowhere' }];
    const { judged } = await play(await grown(), inProcess(), { mappings });
    expect(failedIn(judged)).toEqual([]);
    expect(judged.message).toMatch(/^\d+ listed files are not found here, .*: --map SERVER=LOCAL says/);
    expect(judged.status).toBe('inconclusive');
    const statuses = new Map(judged.rules.map(({ id, status }) => [id, status]));
    expect(statuses.get('copy/faithful')).toBe('inconclusive');
    // What was asked, and in which order, is seen all the same.
    expect(statuses.get('order/control-db-first')).toBe('pass');
  });

  test('has its token in no folder that the kit has written', async () => {
    const simulator = await stillSimulator({ token: 'a-token-of-its-own' });
    await growSegments(simulator);
    const { judged, folder, watched } = await play(simulator, inProcess(), { token: 'a-token-of-its-own' });
    expect(judged.rules.find(({ id }) => id === 'access/token-sent')).toMatchObject({ status: 'pass' });
    expect(watched.evidence.runs[0]?.requests.every(({ hasToken }) => hasToken)).toBe(true);
    expect(
      JSON.stringify(watched.evidence.runs, (_key, value: unknown) => (typeof value === 'bigint' ? '' : value)),
    ).not.toContain('a-token-of-its-own');
    const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { parentPath, name } of files) {
      expect(fs.readFileSync(path.join(parentPath, name)).includes('a-token-of-its-own')).toBe(false);
    }
  });

  test('is ended with the watching', async () => {
    const stop = new AbortController();
    const waits: ClientFunction = async ({ signal }) => {
      stop.abort();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    };
    const { watched } = await play(await grown(), waits, { runs: 5, signal: stop.signal });
    expect(watched.evidence.runs).toMatchObject([{ wasKilled: true }]);
    expect(watched.verification).toBeNull();
  });
});
