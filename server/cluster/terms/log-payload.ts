import { AxonError } from '../../errors.ts';
import { decodeSerializedEntry, type EventType } from '../../formats/log-entry-data.ts';
import { decodeLogEntry, encodeLogEntry, logEntryTypes, type LogEntry } from '../../formats/log-segment.ts';
import { prepareTransaction, type PreparedTransaction } from '../../stores/transaction.ts';

/** What applying a log entry does. */
export type LogPayload =
  | {
      readonly kind: 'append';
      readonly context: string;
      readonly type: EventType;
      readonly transaction: PreparedTransaction;
    }
  | { readonly kind: 'configuration'; readonly change: ConfigurationChange }
  | { readonly kind: 'none' };

/** A change that `_admin` carries. Real servers encode it as protobuf of their internal API; ours is JSON (a stand-in). */
export type ConfigurationChange =
  | { readonly type: 'ADD_CONTEXT'; readonly name: string; readonly replicationGroup: string }
  | {
      readonly type: 'ADMIN_APPLICATION';
      readonly name: string;
      readonly description: string;
      readonly tokenPrefix: string;
      readonly hashedToken: string;
      readonly roles: ReadonlyArray<{ readonly context: string; readonly role: string }>;
    }
  | { readonly type: 'DELETE_APPLICATION'; readonly name: string }
  | {
      readonly type: 'ADMIN_USER';
      readonly name: string;
      readonly hashedPassword: string;
      readonly roles: ReadonlyArray<{ readonly context: string; readonly role: string }>;
    }
  | { readonly type: 'DELETE_USER'; readonly name: string };

/**
 * Reads an entry back. Where it appends events of a context that is named like its group, the entry leaves the name
 * empty. Fails with `data-file-read` where the data is damaged.
 */
export function decodeLogPayload(entry: LogEntry, group: string): LogPayload {
  if (entry.type !== logEntryTypes.serializedObject) return { kind: 'none' };
  try {
    return decodeSerializedPayload(entry.data, group);
  } catch (error) {
    throw new AxonError('data-file-read', `failed to read entry: ${entry.index}`, { cause: error });
  }
}

function decodeSerializedPayload(data: Buffer, group: string): LogPayload {
  const decoded = decodeSerializedEntry(data);
  if (decoded.kind === 'configuration') {
    return { kind: 'configuration', change: decodeConfigurationChange(decoded.data) };
  }
  const { token, events, context } = decoded.transaction;
  const transaction = prepareTransaction(token, events);
  return { kind: 'append', context: context === '' ? group : context, type: decoded.type, transaction };
}

const dummyData = Buffer.from('X');

/**
 * The record that a member without event stores gets in the place of one that brings events: an entry of the same term
 * with nothing in it (docs/backup-endpoints.md, section 3.2). Other records reach it as they are.
 */
export function dummyInstead(record: Buffer, index: number): Buffer {
  const entry = decodeLogEntry(record, index);
  if (decodeLogPayload(entry, '').kind !== 'append') return record;
  return encodeLogEntry({ term: entry.term, type: logEntryTypes.dummy, data: dummyData });
}

/** What each change holds beside roles. */
const textsOfChange: Readonly<Record<string, readonly string[]>> = {
  ADD_CONTEXT: ['name', 'replicationGroup'],
  ADMIN_APPLICATION: ['name', 'description', 'tokenPrefix', 'hashedToken'],
  DELETE_APPLICATION: ['name'],
  ADMIN_USER: ['name', 'hashedPassword'],
  DELETE_USER: ['name'],
} satisfies Record<ConfigurationChange['type'], readonly string[]>;

/** A damaged change can still be good JSON; what it lacks must not get as far as the control database. */
function decodeConfigurationChange(data: Buffer): ConfigurationChange {
  const change = JSON.parse(data.toString('utf8')) as Readonly<Record<string, unknown>>;
  const texts = textsOfChange[String(change['type'])];
  const isWhole = texts?.every((name) => typeof change[name] === 'string') ?? false;
  if (!isWhole || (String(change['type']).startsWith('ADMIN_') && !isListOfRoles(change['roles']))) {
    throw new Error(`No configuration change: ${JSON.stringify(change)}`);
  }
  return change as unknown as ConfigurationChange;
}

function isListOfRoles(roles: unknown): boolean {
  if (!Array.isArray(roles)) return false;
  return roles.every((role: unknown) => {
    if (typeof role !== 'object' || role === null) return false;
    return 'context' in role && typeof role.context === 'string' && 'role' in role && typeof role.role === 'string';
  });
}
