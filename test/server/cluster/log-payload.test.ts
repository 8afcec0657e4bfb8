import { describe, expect, test } from 'vitest';
import { decodeLogPayload, type ConfigurationChange } from '../../../server/cluster/terms/log-payload.ts';
import { encodeAppend, encodeConfigurationChange } from '../../../server/formats/log-entry-data.ts';
import { logEntryTypes, type LogEntry } from '../../../server/formats/log-segment.ts';
import { domainEvent } from '../../support/event-stores.ts';
import { failureOf } from '../../support/failure-of.ts';

function entry(data: Buffer, type: number = logEntryTypes.serializedObject): LogEntry {
  return { index: 7, term: 1, type, data };
}

function changeEntry(change: unknown): LogEntry {
  return entry(encodeConfigurationChange('CHANGE', Buffer.from(JSON.stringify(change))));
}

const roles = [{ context: 'default', role: 'ADMIN' }];
const changes: ConfigurationChange[] = [
  { type: 'ADD_CONTEXT', name: 'a', replicationGroup: 'g' },
  { type: 'ADMIN_APPLICATION', name: 'a', description: '', tokenPrefix: 'p', hashedToken: 'h', roles },
  { type: 'DELETE_APPLICATION', name: 'a' },
  { type: 'ADMIN_USER', name: 'u', hashedPassword: 'h', roles: [] },
  { type: 'DELETE_USER', name: 'u' },
];

describe('what a log entry says', () => {
  test.each(changes)('$type is read back as it was written', (change) => {
    expect(decodeLogPayload(changeEntry(change), '_admin')).toEqual({ kind: 'configuration', change });
  });

  test('an append without a context is for the one that is named like the group', () => {
    const transaction = { token: 5n, version: 2, events: [domainEvent()] };
    const own = decodeLogPayload(entry(encodeAppend('EVENT', { ...transaction, context: '' })), 'orders');
    expect(own).toMatchObject({ kind: 'append', context: 'orders', type: 'EVENT', transaction: { firstToken: 5n } });
    const other = decodeLogPayload(entry(encodeAppend('SNAPSHOT', { ...transaction, context: 'other' })), 'orders');
    expect(other).toMatchObject({ kind: 'append', context: 'other', type: 'SNAPSHOT', transaction: { eventCount: 1 } });
  });

  test('elections and memberships have nothing to apply', () => {
    for (const type of [logEntryTypes.leaderElected, logEntryTypes.newConfiguration, logEntryTypes.dummy]) {
      expect(decodeLogPayload(entry(Buffer.from('X'), type), 'default')).toEqual({ kind: 'none' });
    }
  });

  // Checksums of log entries are never looked at, so a damaged entry gets as far as this.
  test.each([
    ['no protobuf', entry(Buffer.from([0xff, 0xff, 0xff]))],
    ['no event', entry(encodeAppend('EVENT', { token: 0n, version: 2, events: [Buffer.from([0xff])], context: '' }))],
    ['no events at all', entry(encodeAppend('EVENT', { token: 0n, version: 2, events: [], context: '' }))],
    ['no JSON', entry(encodeConfigurationChange('CHANGE', Buffer.from('{')))],
    ['nothing', changeEntry(null)],
    ['a change that nobody knows', changeEntry({ type: 'ADD_COMTEXT', name: 'a', replicationGroup: 'g' })],
    ['a change of no kind', changeEntry({ name: 'a' })],
    ['a change without its name', changeEntry({ ...changes[0], name: undefined })],
    ['an application without roles', changeEntry({ ...changes[1], roles: undefined })],
    ['a user whose role has no context', changeEntry({ ...changes[3], roles: [{ comtext: 'a', role: 'b' }] })],
    ['a user whose role is nothing', changeEntry({ ...changes[3], roles: [null] })],
  ])('%s is refused, naming the entry', (_, damaged) => {
    const failure = failureOf(() => decodeLogPayload(damaged, 'default'));
    expect(failure.message).toBe('[AXONIQ-9000] failed to read entry: 7');
  });
});
