/** The payloads of log entries (docs/backup-endpoints.md, section 3.2): small protobuf messages. */
import { decodeSerializedObject } from './event-message.ts';
import type { EventType } from './event-type.ts';
import type { Role } from './role.ts';
import { bytesOf, int64Of, readFields, textOf, WireError, WireWriter } from './wire.ts';

export type { EventType } from './event-type.ts';
export type { Role } from './role.ts';

/** `TransactionWithToken`: 1 token, 2 version, 3 events, 4 context. */
export interface TransactionWithToken {
  readonly token: bigint;
  readonly version: number;
  readonly events: readonly Buffer[];
  /** Empty where the context is named like its replication group. */
  readonly context: string;
}

/** Numbers on the wire; the control database stores other ones. */
const wireRoles: Record<Role, number> = {
  PRIMARY: 0,
  ACTIVE_BACKUP: 2,
  PASSIVE_BACKUP: 3,
  MESSAGING_ONLY: 4,
  SECONDARY: 5,
  // Nobody outside knows the numbers of these: ours are such as no server can have.
  ANALYTICS: 1001,
  LEARNER: 1002,
};

/** `Node` of a replication group's configuration: 1 nodeId, 2 host, 3 port, 4 nodeName, 5 role. */
export interface ConfiguredNode {
  readonly nodeId: string;
  readonly host: string;
  readonly port: number;
  readonly nodeName: string;
  readonly role: Role;
}

const writer = new WireWriter();

/** The data of a type 3 entry that appends events or snapshots. */
export function encodeAppend(type: EventType, transaction: TransactionWithToken): Buffer {
  writer.string(1, `Append.${type}`);
  writer.message(2, () => {
    if (transaction.token !== 0n) writer.int64(1, transaction.token);
    if (transaction.version !== 0) writer.int64(2, transaction.version);
    for (const event of transaction.events) writer.bytes(3, event);
    if (transaction.context !== '') writer.string(4, transaction.context);
  });
  return writer.finish();
}

/** The data of a type 3 entry that changes the configuration; `type` is the server's name of the change. */
export function encodeConfigurationChange(type: string, data: Uint8Array): Buffer {
  writer.string(1, type);
  if (data.length > 0) writer.bytes(2, data);
  return writer.finish();
}

export type SerializedEntry =
  | { readonly kind: 'append'; readonly type: EventType; readonly transaction: TransactionWithToken }
  | { readonly kind: 'configuration'; readonly type: string; readonly data: Buffer };

/** The content of a type 3 entry. Throws a WireError where the bytes are no such message. */
export function decodeSerializedEntry(bytes: Buffer): SerializedEntry {
  let type = '';
  let data: Buffer = Buffer.alloc(0);
  for (const field of readFields(bytes)) {
    if (field.number === 1) type = textOf(field);
    else if (field.number === 2) data = bytesOf(field);
  }
  if (type === 'Append.EVENT') return { kind: 'append', type: 'EVENT', transaction: decodeTransactionWithToken(data) };
  if (type === 'Append.SNAPSHOT') {
    return { kind: 'append', type: 'SNAPSHOT', transaction: decodeTransactionWithToken(data) };
  }
  return { kind: 'configuration', type, data };
}

export function encodeLeaderElected(leaderId: string): Buffer {
  writer.string(1, leaderId);
  return writer.finish();
}

export function decodeLeaderElected(bytes: Buffer): string {
  return decodeSerializedObject(bytes).type;
}

export function encodeNewConfiguration(nodes: readonly ConfiguredNode[]): Buffer {
  for (const node of nodes) {
    writer.message(1, () => {
      if (node.nodeId !== '') writer.string(1, node.nodeId);
      if (node.host !== '') writer.string(2, node.host);
      if (node.port !== 0) writer.int64(3, node.port);
      if (node.nodeName !== '') writer.string(4, node.nodeName);
      if (node.role !== 'PRIMARY') writer.int64(5, wireRoles[node.role]);
    });
  }
  return writer.finish();
}

export function decodeNewConfiguration(bytes: Buffer): ConfiguredNode[] {
  const nodes: ConfiguredNode[] = [];
  for (const field of readFields(bytes)) if (field.number === 1) nodes.push(decodeNode(bytesOf(field)));
  return nodes;
}

/** The single byte `X` of a type 6 entry, which MESSAGING_ONLY members get in place of events. */
export function encodeDummy(): Buffer {
  return Buffer.from('X', 'latin1');
}

function decodeTransactionWithToken(bytes: Buffer): TransactionWithToken {
  let token = 0n;
  let version = 0;
  let context = '';
  const events: Buffer[] = [];
  for (const field of readFields(bytes)) {
    if (field.number === 1) token = int64Of(field);
    else if (field.number === 2) version = Number(int64Of(field));
    else if (field.number === 3) events.push(bytesOf(field));
    else if (field.number === 4) context = textOf(field);
  }
  return { token, version, events, context };
}

function decodeNode(bytes: Buffer): ConfiguredNode {
  let nodeId = '';
  let host = '';
  let port = 0;
  let nodeName = '';
  let role: Role = 'PRIMARY';
  for (const field of readFields(bytes)) {
    if (field.number === 1) nodeId = textOf(field);
    else if (field.number === 2) host = textOf(field);
    else if (field.number === 3) port = Number(int64Of(field));
    else if (field.number === 4) nodeName = textOf(field);
    else if (field.number === 5) role = roleOf(Number(int64Of(field)));
  }
  return { nodeId, host, port, nodeName, role };
}

function roleOf(number: number): Role {
  for (const [role, wire] of Object.entries(wireRoles)) if (wire === number) return role as Role;
  throw new WireError(`a node has no role ${number}`);
}
