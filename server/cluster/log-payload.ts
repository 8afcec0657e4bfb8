import { AxonError } from '../errors.ts';
import { decodeSerializedEntry, type EventType } from '../formats/log-entry-data.ts';
import { logEntryTypes, type LogEntry } from '../formats/log-segment.ts';
import { prepareTransaction, type PreparedTransaction } from '../stores/transaction.ts';

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
    return { kind: 'configuration', change: JSON.parse(decoded.data.toString('utf8')) as ConfigurationChange };
  }
  const { token, events, context } = decoded.transaction;
  const transaction = prepareTransaction(token, events);
  return { kind: 'append', context: context === '' ? group : context, type: decoded.type, transaction };
}
