import path from 'node:path';
import type { Node } from '../../../server/index.ts';
import type { Invocation, RunResult } from '../../driver/client-driver.ts';
import type { LogPosition, RunRecord } from '../../journal/evidence.ts';
import type { BackupInventory } from '../../journal/inventory.ts';
import { RunUnderWay } from '../../journal/recording/run-under-way.ts';
import type { RunStep } from '../../scenarios/scenario.ts';

/** Segments that take longer may keep a client from its logs for too long; virtual seconds. */
const LONG_COPYING_S = 30 * 60;

/** A client that has been started, and what the stage was like then. */
export interface ClientAtWork {
  readonly step: RunStep;
  readonly number: number;
  readonly node: Node;
  /** All of them, as the client is told. */
  readonly nodes: readonly Node[];
  readonly token: string | null;
  readonly kill: AbortController;
  readonly askToEnd: AbortController;
  readonly underWay: RunUnderWay;
  readonly startMs: number;
  readonly startSeq: number;
  readonly logPositions: readonly LogPosition[];
  /** Contexts with a dynamic consistency boundary that the node has, if any. */
  readonly dcb: Pick<RunRecord, 'dcbContexts'>;
  readonly before: BackupInventory;
  readonly result: Promise<RunResult>;
  /** What happens while one of its requests is held; goes on where the client is dead meanwhile. */
  surprising: Promise<unknown>;
  /** A run that waits for this one to end. */
  other: { readonly client: ClientAtWork; readonly letGo: () => void } | null;
}

/** What is a client's own in the folder of a scenario, by what it is told to call it. Below these the server may write, too. */
export function clientFolders(folder: string): Readonly<Record<string, string>> {
  const at = (name: string): string => path.join(folder, name);
  return { BACKUP_DIR: at('backup'), BACKUP_STATE_DIR: at('state'), TMPDIR: at('tmp') };
}

/** A node as a client is told of it: by a name of its address, and at another of its ports where one is given. */
export function calledBy(node: Node, hostName: string, otherPort?: number): Node {
  const { port, pathname } = new URL(node.url);
  return { ...node, url: `http://${hostName}:${otherPort ?? port}${pathname.replace(/\/$/, '')}` };
}

/** A run that is about to begin: at which ports it calls the nodes, what it is told of, and how fast it copies. */
export function runUnderWay(
  { surprises = [], unmounted = [] }: RunStep,
  nodes: readonly Node[],
  told: Pick<Invocation, 'backupDir' | 'stateDir' | 'temporaryDir' | 'dcbContexts'>,
  bytesPerSecond: number,
): RunUnderWay {
  const folders = [
    { name: 'BACKUP_DIR', path: told.backupDir },
    { name: 'BACKUP_STATE_DIR', path: told.stateDir },
    { name: 'TMPDIR', path: told.temporaryDir },
  ];
  const { dcbContexts = [] } = told;
  return new RunUnderWay({
    ports: new Set(nodes.map(({ url }) => Number(new URL(url).port))),
    surprises,
    unmounted,
    folders,
    dcbContexts,
    longBytes: bytesPerSecond * LONG_COPYING_S,
  });
}

/** What a run is told, but for how it may be ended. */
export function invocationOf(
  { fileLimitBytes }: RunStep,
  { node, ...told }: Omit<Invocation, 'url' | 'timeoutMs' | 'kill' | 'askToEnd'> & { readonly node: Node },
): Omit<Invocation, 'timeoutMs' | 'kill' | 'askToEnd'> {
  return {
    url: node.url,
    ...told,
    ...(node.pathMap === undefined ? {} : { pathMap: node.pathMap }),
    ...(fileLimitBytes === undefined ? {} : { fileLimitBytes }),
  };
}

/** Resolves when what happens while a request of the client is held is over; until then the client's run is not. */
export async function whileHeld(client: ClientAtWork, happens: Promise<void>): Promise<void> {
  client.surprising = Promise.all([client.surprising, happens]);
  await happens;
}
