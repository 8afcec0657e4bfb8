import * as fs from 'node:fs';
import path from 'node:path';
import type { ClientDriver } from '../driver/client-driver.ts';
import type { Unpack } from '../driver/restore-command.ts';
import type { Evidence, RunRecord } from '../journal/evidence.ts';
import { emptyInventory, type BackupInventory } from '../journal/inventory.ts';
import { OrderOfHappening } from '../journal/order-of-happening.ts';
import { restoreProblemKinds, type Restoration, type RestoreProblem } from '../journal/restoration.ts';
import { endingOf } from '../journal/inference/run-ending.ts';
import { RunUnderWay } from '../journal/recording/run-under-way.ts';
import { findToken } from '../journal/recording/token-sightings.ts';
import { tailOf, type Naming } from '../journal/recording/stderr-tail.ts';
import { readInventory } from '../oracle/backup/backup-reader.ts';
import { verifyBackup, type BackupVerification } from '../oracle/verification/verify-backup.ts';
import { printable } from '../verdict/printable.ts';
import { localPathOf, type PathMapping } from './path-map.ts';
import { BackupAsPlainFiles } from './plain-files.ts';
import { startProxy, type Proxy } from './proxy.ts';
import { askTarget, type Target, type TargetFacts } from './target.ts';
import { TraceRecorder } from './trace-recorder.ts';

/** Between two looks at the client's folders, while nothing is asked; real milliseconds. A look that takes long is made more rarely. */
const LEAST_GAP_MS = 500;
const LOOKING_SHARE = 20;

export interface WatchOptions {
  readonly target: Target;
  /** Given to the client, and kept nowhere. */
  readonly token: string | null;
  readonly mappings: readonly PathMapping[];
  readonly driver: ClientDriver;
  readonly runs: number;
  /** Where `backup`, `state` and `tmp` of the client lie: an empty folder. */
  readonly folder: string;
  /** Real milliseconds that one run may take. */
  readonly timeoutMs: number;
  readonly capabilities: readonly string[];
  /** Turns a store that needs its own tool into plain files; the folder is read as it is unless given. */
  readonly unpack?: Unpack | null;
  readonly signal: AbortSignal;
  /** Real milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Called before each run, which waits for it. */
  readonly onRun?: (run: number) => Promise<void> | void;
  readonly onRequest?: (requests: number) => void;
}

/** What a trace has left. */
export interface Watched {
  readonly facts: TargetFacts;
  readonly evidence: Evidence;
  /** Of the backup at the end; null where no run claims that there is one. */
  readonly verification: BackupVerification | null;
  /** Real milliseconds. */
  readonly clientMs: number;
}

/** Runs a client against a server that somebody operates, through a proxy, and keeps what can be seen. */
export async function watch(options: WatchOptions): Promise<Watched> {
  const facts = await askTarget(options.target, options.token);
  const order = new OrderOfHappening();
  const recorder = new TraceRecorder({
    node: facts.node,
    basePath: options.target.basePath,
    hasLog: facts.isClustered,
    localPathOf: (listed) => localPathOf(options.mappings, listed),
    order,
    nowMs: options.nowMs,
  });
  let requests = 0;
  const proxy = await startProxy(options.target, {
    arrived: (request) => recorder.arrived(request),
    keepsBody: recorder.keepsBody,
    answered: (request, answer) => {
      recorder.answered(request, answer);
      options.onRequest?.(++requests);
    },
  });
  for (const name of ['backup', 'state', 'tmp']) fs.mkdirSync(path.join(options.folder, name));
  const files = new BackupAsPlainFiles(
    path.join(options.folder, 'backup'),
    path.join(options.folder, 'unpacked'),
    options.unpack ?? null,
  );
  const runs: RunRecord[] = [];
  try {
    while (runs.length < options.runs && !options.signal.aborted) {
      await options.onRun?.(runs.length + 1);
      runs.push(await runOnce(options, { facts, recorder, proxy, order, files, earlier: runs }));
    }
  } finally {
    await proxy.close();
  }
  const good = runs.findLast((run) => endingOf(run) === 'claimed-good');
  const left = files.last;
  const verification =
    good === undefined || 'refusal' in left ? null : await verifyBackup(left.folder, { signal: options.signal });
  const restoration = 'refusal' in left ? refusedBy(left.refusal) : restorationOf(verification);
  const evidence: Evidence = {
    contexts: facts.contexts,
    groups: facts.groups ?? [],
    absentContexts: new Map(),
    lists: recorder.lists,
    // Which release answers is not known: what most manuals ask for is.
    asksForLog: facts.isClustered,
    basePath: options.target.basePath,
    isTmpdirElsewhere: false,
    hasAccessControl: facts.hasAccessControl,
    secrets: options.token === null ? [] : [options.token],
    capabilities: options.capabilities,
    runs: runs.map((run) => (run === good ? { ...run, restoration } : run)),
    events: [],
    samples: [],
  };
  return {
    facts,
    evidence,
    verification,
    clientMs: runs.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0),
  };
}

async function runOnce(
  { driver, folder, token, timeoutMs, signal, nowMs }: WatchOptions,
  {
    facts,
    recorder,
    proxy,
    order,
    files,
    earlier,
  }: {
    readonly facts: TargetFacts;
    readonly recorder: TraceRecorder;
    readonly proxy: Proxy;
    readonly order: OrderOfHappening;
    readonly files: BackupAsPlainFiles;
    readonly earlier: readonly RunRecord[];
  },
): Promise<RunRecord> {
  const number = earlier.length + 1;
  const before = earlier.at(-1)?.after ?? emptyInventory;
  const dirs = {
    backupDir: path.join(folder, 'backup'),
    stateDir: path.join(folder, 'state'),
    temporaryDir: path.join(folder, 'tmp'),
  };
  const underWay = new RunUnderWay({
    ports: new Set(),
    surprises: [],
    dcbContexts: [],
    folders: [
      { name: 'BACKUP_DIR', path: dirs.backupDir },
      { name: 'BACKUP_STATE_DIR', path: dirs.stateDir },
      { name: 'TMPDIR', path: dirs.temporaryDir },
    ],
    // In real time the order of copying is seen as it happens, and not reckoned.
    longBytes: 0,
  });
  recorder.begin(underWay);
  const [startMs, startSeq] = [nowMs(), order.next()];
  const looking = lookAgain(recorder);
  const groups = facts.groups ?? (facts.isClustered ? ['_admin', ...facts.contexts] : []);
  // Where its folders lie a real server does not tell.
  const none = { dataDir: '', eventsDir: '', logDir: '', controlDbDir: '' };
  const result = await driver
    .run({
      run: number,
      url: proxy.url,
      nodes: [{ name: facts.node, url: proxy.url, roles: facts.roles, ...none }],
      contexts: facts.contexts,
      groups,
      token,
      ...dirs,
      timeoutMs,
      kill: signal,
    })
    .finally(() => looking.stop());
  const requests = recorder.end(number);
  const [endMs, endSeq] = [nowMs(), order.next()];
  const left = await files.read({ timeoutMs, signal });
  const after: BackupInventory =
    'refusal' in left
      ? { files: [], unreadable: [`.: ${left.refusal}`] }
      : await readInventory(left.folder, before, number, {
          contexts: facts.contexts,
          groups,
          nodes: [facts.node],
          serverPaths: recorder.sourceFolders,
          liveFolders: recorder.sourceFolders,
        });
  return {
    run: number,
    node: facts.node,
    startMs,
    startSeq,
    endSeq,
    endMs,
    result,
    ...lastWords(result, token, proxy, folder),
    wasKilled: signal.aborted,
    requests,
    halfWritten: [],
    logPositions: [],
    before,
    after,
    restoration: restorationOf(null),
    lastGoodAlone: null,
    sourceDamage: [],
    outOfReach: [],
    tokenSightings: token === null ? [] : findToken(token, result, after),
  };
}

function lookAgain(recorder: TraceRecorder): { readonly stop: () => void } {
  let timer: NodeJS.Timeout;
  const wait = (gapMs: number): void => {
    timer = setTimeout(() => {
      const beganMs = performance.now();
      recorder.look();
      wait(Math.max(LEAST_GAP_MS, (performance.now() - beganMs) * LOOKING_SHARE));
    }, gapMs);
  };
  wait(LEAST_GAP_MS);
  return { stop: () => clearTimeout(timer) };
}

function lastWords(
  { exitCode, stderr }: RunRecord['result'],
  token: string | null,
  proxy: Proxy,
  folder: string,
): Pick<RunRecord, 'stderrTail'> {
  if (exitCode === 0) return {};
  const secrets: Naming[] =
    token === null
      ? []
      : [
          [token, '***'],
          [encodeURIComponent(token), '***'],
        ];
  const tail = tailOf(stderr, [...secrets, [proxy.url, '$AXONSERVER_URL'], [folder, '…']]);
  return tail.length === 0 ? {} : { stderrTail: tail.map(printable) };
}

/** What a restore would stumble over, as `verify` finds it: what was acknowledged and is not there, nobody here knows. */
function restorationOf(verification: BackupVerification | null): Restoration {
  const problems = verification === null || verification.verdict === 'consistent' ? [] : verification.problems;
  return {
    choice: { why: '', controlDb: null, logs: [], stores: [] },
    problems: problems.map(({ kind, where, message }) => ({ kind: asRestoreProblem(kind), where, message })),
    groups: [],
    stores: [],
    losses: [],
    stranded: [],
    lostChanges: 0,
  };
}

function refusedBy(message: string): Restoration {
  return { ...restorationOf(null), problems: [{ kind: 'not-unpacked', where: 'the store', message }] };
}

/** To a restore it is all one what other damage keeps a node from starting. */
function asRestoreProblem(kind: BackupVerification['problems'][number]['kind']): RestoreProblem['kind'] {
  return restoreProblemKinds.find((each) => each === kind) ?? 'does-not-start';
}
