import * as fs from 'node:fs';
import path from 'node:path';
import { playScenario } from '../../../conformance/check/play/scenario-run.ts';
import type { ClientDriver, Invocation, RunResult } from '../../../conformance/driver/client-driver.ts';
import { parsePathMap } from '../../../conformance/journal/path-map.ts';
import { needsPathMap, reasonNotToPlay } from '../../../conformance/scenarios/needs.ts';
import type { Scenario } from '../../../conformance/scenarios/scenario.ts';
import { openTarget, type Target } from '../../../conformance/watch/target.ts';
import { watch, type Watched } from '../../../conformance/watch/watch.ts';
import { serverVersions } from '../../../server/index.ts';

const MAPPED = { isPathMapped: true };

export interface BesideScenarioOptions {
  readonly scenario: Scenario;
  /** Who stands behind the proxy; runs with others go around it. */
  readonly node: string;
  readonly client: ClientDriver;
  readonly capabilities: readonly string[];
  /** An empty folder for all of it. */
  readonly folder: string;
  readonly timeoutMs: number;
}

interface Called {
  readonly invocation: Invocation;
  readonly end: (result: RunResult) => void;
}

/**
 * Plays a scenario of the catalogue, while `watch` looks on as on a real server: whenever the stage calls the client, the run is
 * made through the proxy, in the folders of the watcher. So a server that rolls, cleans, fails and crashes in the midst of runs
 * stands behind the proxy. A run with another node, or beside another run, is not seen by the watcher.
 */
export async function watchBeside(options: BesideScenarioOptions): Promise<Watched> {
  const { scenario, node, client, capabilities, folder, timeoutMs } = options;
  const [stageFolder, ownFolder, watchFolder] = ['stage', 'own', 'watch'].map((name) => path.join(folder, name));
  for (const each of [stageFolder, ownFolder, watchFolder]) fs.mkdirSync(each ?? '');
  const calls = new Calls();
  const stopped = new AbortController();
  const runs = nodesOfRuns(scenario).filter((each) => each === node).length;
  let watching: Promise<Watched> | null = null;
  let target: Target | null = null;
  const throughProxy: ClientDriver = {
    argv: client.argv,
    run: async (seen) => {
      const { invocation, end } = await calls.next();
      const { run, url, backupDir, stateDir, temporaryDir } = seen;
      const nodes = invocation.nodes.map((each) => (each.url === invocation.url ? { ...each, url } : each));
      const result = await client.run({ ...invocation, run, url, nodes, backupDir, stateDir, temporaryDir });
      end(result);
      return result;
    },
  };
  const calledByStage: ClientDriver = {
    argv: client.argv,
    run: (invocation) => {
      const asked = invocation.nodes.find(({ url }) => url === invocation.url)?.name;
      if (asked !== node || calls.isBusy) return client.run(invocation);
      target ??= openTarget(invocation.url, null);
      watching ??= watch({
        target,
        token: scenario.cluster.token ?? null,
        mappings: parsePathMap(invocation.pathMap ?? ''),
        driver: throughProxy,
        runs,
        folder: watchFolder ?? '',
        timeoutMs,
        capabilities,
        signal: stopped.signal,
        nowMs: () => Date.now(),
      });
      return calls.call(invocation);
    },
  };
  try {
    await playScenario({
      scenario,
      driver: calledByStage,
      seed: 1,
      // The first that can play it.
      serverVersion:
        serverVersions.find((version) => reasonNotToPlay(scenario, version, MAPPED) === null) ?? 'documented',
      edition: 'enterprise',
      ...(needsPathMap(scenario) ? { serverRoot: '/axonserver' } : {}),
      timeoutMs,
      capabilities,
      folder: stageFolder ?? '',
      ownFolder: ownFolder ?? '',
      controlKey: 'a-key-of-the-kit',
      unpack: null,
      signal: stopped.signal,
      realTimeMs: () => Date.now(),
      waitMs: (milliseconds, signal) =>
        new Promise((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          signal.addEventListener('abort', () => resolve(clearTimeout(timer)));
        }),
    });
    calls.over();
    if (watching === null) throw new Error('the scenario has not called its client');
    return await (watching as Promise<Watched>);
  } finally {
    stopped.abort();
    await (target as Target | null)?.dispatcher.destroy();
  }
}

/** Which nodes a scenario has clients back up. */
export function nodesOfRuns({ steps }: Scenario): string[] {
  return steps.flatMap((step) => (step.kind === 'run' ? [step.node ?? 'node-1'] : []));
}

/** Invocations of the stage, one after the other, for whoever makes them. */
class Calls {
  #waiting: ((called: Called) => void) | null = null;
  #refuse: (reason: Error) => void = () => undefined;
  #pending: Called | null = null;
  #isOver = false;
  isBusy = false;

  call(invocation: Invocation): Promise<RunResult> {
    this.isBusy = true;
    return new Promise((resolve) => {
      const end = (result: RunResult): void => {
        this.isBusy = false;
        resolve(result);
      };
      if (this.#waiting === null) this.#pending = { invocation, end };
      else this.#waiting({ invocation, end });
      this.#waiting = null;
    });
  }

  next(): Promise<Called> {
    const pending = this.#pending;
    this.#pending = null;
    if (pending !== null) return Promise.resolve(pending);
    if (this.#isOver) return Promise.reject(new Error('the scenario ended before all of its runs'));
    return new Promise((resolve, reject) => {
      this.#waiting = resolve;
      this.#refuse = reject;
    });
  }

  over(): void {
    this.#isOver = true;
    if (this.#waiting !== null) this.#refuse(new Error('the scenario ended before all of its runs'));
  }
}
