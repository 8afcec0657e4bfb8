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

/** Where the entry appends events of a context that is named like its group, the entry leaves the name empty. */
export function decodeLogPayload(entry: LogEntry, group: string): LogPayload {
  if (entry.type !== logEntryTypes.serializedObject) return { kind: 'none' };
  const decoded = decodeSerializedEntry(entry.data);
  if (decoded.kind === 'configuration') {
    const change = JSON.parse(decoded.data.toString('utf8')) as ConfigurationChange;
    return { kind: 'configuration', change };
  }
  const { token, events, context } = decoded.transaction;
  const transaction = prepareTransaction(token, events);
  return { kind: 'append', context: context === '' ? group : context, type: decoded.type, transaction };
}
