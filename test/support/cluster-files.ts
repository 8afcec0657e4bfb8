import * as fs from 'node:fs';
import path from 'node:path';
import type { Cluster } from '../../server/cluster/cluster.ts';
import type { AcknowledgedTransaction } from '../../server/cluster/writes/ledger.ts';
import { decodeEventSegment } from '../../server/formats/event-segment.ts';
import type { EventType } from '../../server/formats/log-entry-data.ts';
import { decodeLogSegment } from '../../server/formats/log-segment.ts';
import { eventStoreSuffixes, LOG_SUFFIX } from '../../server/formats/segment-name.ts';

/* What lies in the folders of a cluster, read from the files alone. */

const eventTypes = ['EVENT', 'SNAPSHOT'] as const;

/** The transactions of one context and type on one node: their bytes without the place in the file, by first token. */
export function transactionsIn(folder: string, node: string, context: string, type: EventType): Map<bigint, Buffer> {
  const transactions = new Map<bigint, Buffer>();
  const directory = path.join(folder, node, 'events', context);
  for (const { number, bytes } of segmentsIn(directory, eventStoreSuffixes[type].data)) {
    for (const { firstToken, position, lengthBytes } of decodeEventSegment(bytes, number).transactions) {
      transactions.set(firstToken, bytes.subarray(position, position + lengthBytes));
    }
  }
  return transactions;
}

/** The entries of one log: their bytes by index. */
export function entriesIn(folder: string, node: string, group: string): Map<number, Buffer> {
  const entries = new Map<number, Buffer>();
  for (const { number, bytes } of segmentsIn(path.join(folder, node, 'log', group), LOG_SUFFIX)) {
    const decoded = decodeLogSegment(bytes, Number(number));
    decoded.entries.forEach(({ index, position }, ordinal) => {
      entries.set(index, bytes.subarray(position, decoded.entries[ordinal + 1]?.position ?? decoded.endPosition));
    });
  }
  return entries;
}

/** Files of segments in a folder, ascending. */
function segmentsIn(directory: string, suffix: string): { readonly number: bigint; readonly bytes: Buffer }[] {
  if (!fs.existsSync(directory)) return [];
  return fs
    .readdirSync(directory)
    .filter((name) => name.endsWith(suffix))
    .toSorted()
    .map((name) => ({ number: BigInt(name.slice(0, 20)), bytes: fs.readFileSync(path.join(directory, name)) }));
}

/** Where the nodes' files do not agree with each other, or lack what was acknowledged; all nodes must run, and be settled. */
export function disagreements(
  cluster: Cluster,
  folder: string,
  acknowledged: Acknowledged = ledgerOf(cluster),
): string[] {
  return [...logDisagreements(cluster, folder), ...storeDisagreements(cluster, folder, acknowledged)];
}

/** The acknowledged transactions by `<type>/<context>`. */
export type Acknowledged = ReadonlyMap<string, readonly AcknowledgedTransaction[]>;

export function ledgerOf(cluster: Cluster): Map<string, AcknowledgedTransaction[]> {
  const acknowledged = new Map<string, AcknowledgedTransaction[]>();
  for (const { contexts } of cluster.topology.groups) {
    for (const context of contexts) {
      for (const type of eventTypes) {
        const ledger = cluster.ledger.of(context, type);
        acknowledged.set(
          `${type}/${context}`,
          Array.from({ length: ledger.length }, (_, place) => ledger.at(place)),
        );
      }
    }
  }
  return acknowledged;
}

/** Logs agree on what they have in common, up to the lowest commit index. */
export function logDisagreements(cluster: Cluster, folder: string): string[] {
  const found: string[] = [];
  for (const group of cluster.groups.values()) {
    const members = [...group.members];
    const committed = Math.min(...members.map(({ commitIndex }) => commitIndex));
    const [first, ...others] = members.map(({ nodeName }) => nodeName);
    if (first === undefined) continue;
    const expected = entriesIn(folder, first, group.name);
    for (const node of others) {
      for (const [index, bytes] of entriesIn(folder, node, group.name)) {
        const other = expected.get(index);
        if (index > committed || other === undefined || other.equals(bytes)) continue;
        found.push(`entry ${index} of ${group.name}: ${first} and ${node} differ`);
      }
    }
  }
  return found;
}

function storeDisagreements(cluster: Cluster, folder: string, acknowledged: Acknowledged): string[] {
  const found: string[] = [];
  for (const { contexts } of cluster.topology.groups) {
    for (const context of contexts) {
      for (const type of eventTypes) {
        const perNode = [...cluster.nodes.keys()].map((node) => transactionsIn(folder, node, context, type));
        for (const transactions of perNode) {
          if (!areEqual(transactions, perNode[0])) found.push(`${type} of ${context}: the nodes' stores differ`);
          for (const { firstToken, checksum } of acknowledged.get(`${type}/${context}`) ?? []) {
            const bytes = transactions.get(firstToken);
            if (bytes?.readUInt32BE(bytes.length - 4) === checksum) continue;
            found.push(`${type} of ${context}: acknowledged transaction ${firstToken} is gone`);
          }
        }
      }
    }
  }
  return found;
}

function areEqual(left: ReadonlyMap<bigint, Buffer>, right: ReadonlyMap<bigint, Buffer> | undefined): boolean {
  if (left.size !== right?.size) return false;
  for (const [token, bytes] of left) if (right.get(token)?.equals(bytes) !== true) return false;
  return true;
}
