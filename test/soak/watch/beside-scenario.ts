import * as fs from 'node:fs';
import path from 'node:path';
import { playScenario } from '../../../conformance/check/scenario-run.ts';
import type { ClientDriver, Invocation, RunResult } from '../../../conformance/driver/client-driver.ts';
import type { Scenario } from '../../../conformance/scenarios/scenario.ts';
import { openTarget, type Target } from '../../../conformance/watch/target.ts';
import { watch, type Watched } from '../../../conformance/watch/watch.ts';

export interface BesideScenarioOptions {
  readonly scenario: Scenario;
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
 * stands behind the proxy. A run with another node than the first one's, or beside another run, is not seen by the watcher.
 */
export async function watchBeside(options: BesideScenarioOptions): Promise<Watched> {
  const { scenario, client, capabilities, folder, timeoutMs } = options;
  const [stageFolder, ownFolder, watchFolder] = ['stage', 'own', 'watch'].map((name) => path.join(folder, name));
  for (const each of [stageFolder, ownFolder, watchFolder]) fs.mkdirSync(each ?? '');
  const calls = new Calls();
  const stopped = new AbortController();
  const nodes = scenario.steps.flatMap((step) => (step.kind === 'run' ? [step.node ?? 'node-1'] : []));
  const runs = nodes.filter((node) => node === nodes[0]).length;
  let watching: Promise<Watched> | null = null;
  let target: Target | null = null;
  const throughProxy: ClientDriver = {
    argv: client.argv,
    run: async (seen) => {
      const { invocation, end } = await calls.next();
      const { nodes: all, contexts, groups, token, kill, fileLimitBytes } = invocation;
      const result = await client.run({
        ...seen,
        nodes: all.map((node) => (node.url === invocation.url ? { ...node, url: seen.url } : node)),
        contexts,
        groups,
        token,
        kill,
        ...(fileLimitBytes === undefined ? {} : { fileLimitBytes }),
      });
      end(result);
      return result;
    },
  };
  const calledByStage: ClientDriver = {
    argv: client.argv,
    run: (invocation) => {
      const isSeen = invocation.url === (target?.origin ?? invocation.url) && !calls.isBusy;
      if (!isSeen) return client.run(invocation);
      target ??= openTarget(invocation.url, null);
      watching ??= watch({
        target,
        token: scenario.cluster.token ?? null,
        mappings: [],
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
      serverVersion: 'documented',
      edition: 'enterprise',
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
