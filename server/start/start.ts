import * as fs from 'node:fs';
import os from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { sweepAbandoned } from '../../folders/sweep.ts';
import { makeTemporaryFolder } from '../../folders/temporary-folder.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { lockDataFolder } from './data-folder-lock.ts';
import { checkShape, resolveOptions, type ResolvedOptions, type SimulatorOptions } from '../config.ts';
import { formatPathMap, mountsOf } from '../cluster/terms/server-names.ts';
import { AxonError } from '../errors.ts';
import { requireNoneForeign } from './foreign-folder.ts';
import { buildApp } from '../http/app.ts';
import { openOtherPorts, type OtherPort } from './other-port.ts';
import { describeState } from '../http/live/state.ts';
import type { Observer } from '../simulation/observer.ts';
import { Pace, PACE_MS } from './pace.ts';
import { readDataFolderState } from '../simulation/data-folder-state.ts';
import type { Host } from '../simulation/host.ts';
import { EPOCH_MS, Simulation } from '../simulation/simulation.ts';
import { clockOf, controlOf } from './control.ts';
import type { Node, Simulator } from './simulator.ts';
import { DataDir } from '../stores/data-dir.ts';

/** What a timer of Node can be set to, nearly. */
const LONGEST_TIMER_MS = 24 * 60 * 60 * 1000;

/**
 * Starts a fake cluster and its HTTP servers in this process, and resolves once every node answers. Fails with an
 * AxonError: `bad-option`; `port-in-use`; or, on an existing folder, what the real server would not start with.
 */
export async function startSimulator(
  options: SimulatorOptions = {},
  observer: Observer | null = null,
): Promise<Simulator> {
  checkShape(options);
  return startShaped(options, observer);
}

/** The same for a caller whose options a compiler has looked after: nobody asks for their shape, which takes its time. */
export async function startShaped(options: SimulatorOptions, observer: Observer | null = null): Promise<Simulator> {
  if (observer?.controlKey !== undefined && !/^[\x21-\x7e]+$/.test(observer.controlKey)) {
    throw new AxonError('bad-option', 'controlKey: visible ASCII characters are wanted, one at least');
  }
  const isTemporary = options.dataDir === undefined || options.dataDir === null;
  if (!isTemporary) requireNoneForeign(String(options.dataDir), namesIn(String(options.dataDir)));
  // What is refused must leave no folder behind; an existing one says itself what goes with it.
  if (isTemporary || !fs.existsSync(String(options.dataDir))) resolveOptions(options, null);
  const folder = isTemporary ? newFolder() : String(options.dataDir);
  const dataDir = new DataDir(folder, { memoryMapped: options.memoryMappedFiles ?? false });
  const lock = isTemporary ? null : lockDataFolder(dataDir);
  const release = (): void => {
    if (isTemporary) fs.rmSync(folder, { recursive: true, force: true });
    else lock?.release();
  };
  try {
    return await startOn(dataDir, options, release, observer);
  } catch (error) {
    release();
    throw error;
  }
}

/** None in a folder that is not there, or that may not be looked into, which whoever writes into it finds out. */
function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** In a place for temporary files, from which what killed processes have left goes first. Its name says whose it is. */
function newFolder(): string {
  sweepAbandoned(os.tmpdir(), ['serve']);
  return makeTemporaryFolder(os.tmpdir(), 'serve');
}

async function startOn(
  dataDir: DataDir,
  options: SimulatorOptions,
  release: () => void,
  observer: Observer | null,
): Promise<Simulator> {
  const existing = readDataFolderState(dataDir);
  const seed = options.seed ?? existing?.seed;
  const resolved = resolveOptions(seed === undefined ? options : { ...options, seed }, existing);
  const simulation = await Simulation.open(dataDir, resolved, host, existing?.nowMs ?? EPOCH_MS, observer);
  const apps: FastifyInstance[] = [];
  try {
    await listen(simulation, resolved, apps);
  } catch (error) {
    await Promise.all(apps.map((app) => app.close()));
    await simulation.close();
    throw error;
  }
  const pace = startPace(simulation, resolved.speed);
  let closing: Promise<void> | null = null;
  let others: Promise<readonly OtherPort[]> | null = null;
  const close = async (): Promise<void> => {
    pace.stop();
    for (const other of (await others?.catch(() => [])) ?? []) other.close();
    await Promise.all(apps.map((app) => app.close()));
    try {
      await simulation.close();
    } finally {
      release();
    }
  };
  return {
    nodes: describeNodes(simulation),
    groups: publishedGroups(simulation).map(({ name, contexts, members }) => ({
      name,
      contexts,
      members: members.map(({ nodeName, role }) => ({ node: nodeName, role })),
    })),
    get dcbContexts() {
      return simulation.cluster.dcb.names;
    },
    seed: resolved.seed,
    clock: clockOf(simulation),
    control: controlOf(simulation),
    get ledger() {
      return simulation.cluster.ledger;
    },
    writtenFiles: dataDir.writtenFiles,
    state: () => describeState(simulation),
    get journal() {
      return simulation.journal.after(0);
    },
    onEvent: (listener) => simulation.onClusterEvent(listener),
    onTrouble: (listener) => simulation.onTrouble(listener),
    otherPorts: async () => {
      if (closing !== null) throw new AxonError('bad-option', 'the simulator is closed: its nodes have no ports');
      others ??= openOtherPorts(
        apps.map(({ server }) => server),
        resolved.host,
      );
      const opened = await others.catch((error: unknown) => {
        others = null;
        throw error;
      });
      return new Map([...simulation.cluster.nodes.keys()].map((name, place) => [name, opened[place]?.port ?? 0]));
    },
    close: () => (closing ??= close()),
  };
}

const host: Host = {
  yieldTurn: () => new Promise((resolve) => setImmediate(resolve)),
  waitMs: async (milliseconds, signal) => {
    for (let leftMs = milliseconds; leftMs > 0 && !signal.aborted; leftMs -= LONGEST_TIMER_MS) {
      await wait(Math.min(leftMs, LONGEST_TIMER_MS), undefined, { signal, ref: false }).catch(() => undefined);
    }
  },
};

async function listen(simulation: Simulation, options: ResolvedOptions, apps: FastifyInstance[]): Promise<void> {
  let place = 0;
  for (const name of simulation.cluster.nodes.keys()) {
    const port = options.port === 0 ? 0 : options.port + place++;
    const app = await buildApp(simulation, name);
    apps.push(app);
    try {
      simulation.urls.set(name, await app.listen({ port, host: options.host }));
    } catch (error) {
      throw asListenError(error, port, options.host);
    }
  }
}

function asListenError(error: unknown, port: number, address: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE') {
    return new AxonError(
      'port-in-use',
      `port ${port} on ${address} is in use: choose another --port, or 0 for any free ones`,
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EACCES') {
    return new AxonError('port-in-use', `cannot listen on ${address}:${port}: ${(error as Error).message}`);
  }
  return error;
}

/** Lets virtual time follow real time. Where the disk refuses, time stands until it no longer does. */
function startPace(simulation: Simulation, speed: number): { stop(): void } {
  if (speed === 0) return { stop: () => undefined };
  const pace = new Pace({
    speed,
    advance: (byMs) => simulation.advance(byMs),
    nowMs: () => performance.now(),
    waitMs: (milliseconds) => wait(milliseconds),
  });
  const timer = setInterval(() => {
    pace.follow().catch((error: unknown) => simulation.report(error));
  }, PACE_MS);
  return {
    stop: () => {
      clearInterval(timer);
      pace.stop();
    },
  };
}

/** A server that is no member of a cluster knows no groups: the one that its store rests on here is nobody's affair. */
function publishedGroups({ behaviour, cluster }: Simulation): Cluster['topology']['groups'] {
  return behaviour.isClustered ? cluster.topology.groups : [];
}

function describeNodes(simulation: Simulation): Node[] {
  const { nodes } = simulation.cluster;
  const { serverRoot } = simulation.options;
  const groups = publishedGroups(simulation);
  return [...nodes.values()].map(({ name, folders }) => ({
    name,
    url: `${simulation.urls.get(name) ?? ''}${simulation.options.contextPath}`,
    dataDir: folders.data,
    eventsDir: folders.events,
    ...(folders.snapshots === folders.events ? {} : { snapshotsDir: folders.snapshots }),
    logDir: folders.log,
    controlDbDir: folders.controlDb,
    ...(serverRoot === null ? {} : { pathMap: formatPathMap(mountsOf(folders, serverRoot)) }),
    roles: Object.fromEntries(
      groups.flatMap((group) =>
        group.members.filter(({ nodeName }) => nodeName === name).map(({ role }) => [group.name, role] as const),
      ),
    ),
  }));
}
