import type { Node } from '../../server/index.ts';
import type { RunResult } from '../driver/client-driver.ts';
import type { LogPosition } from '../journal/evidence.ts';
import type { BackupInventory } from '../journal/inventory.ts';
import type { RunUnderWay } from '../journal/run-under-way.ts';
import type { RunStep } from '../scenarios/scenario.ts';

/** A client that has been started, and what the stage was like then. */
export interface ClientAtWork {
  readonly step: RunStep;
  readonly number: number;
  readonly node: Node;
  readonly token: string | null;
  readonly kill: AbortController;
  readonly underWay: RunUnderWay;
  readonly startMs: number;
  readonly startSeq: number;
  readonly logPositions: readonly LogPosition[];
  readonly before: BackupInventory;
  readonly result: Promise<RunResult>;
  /** A run that waits for this one to end. */
  other: { readonly client: ClientAtWork; readonly letGo: () => void } | null;
}

/** A node as a client is told of it that is to know it by another name of the same address. */
export function calledBy(node: Node, hostName: string): Node {
  return { ...node, url: `http://${hostName}:${new URL(node.url).port}` };
}
