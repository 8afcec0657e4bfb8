import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeLeaderElected,
  decodeNewConfiguration,
  decodeSerializedEntry,
  encodeAppend,
  encodeConfigurationChange,
  encodeDummy,
  encodeLeaderElected,
  encodeNewConfiguration,
  type ConfiguredNode,
  type Role,
  type TransactionWithToken,
} from '../../../server/formats/log-entry-data.ts';
import { WireError } from '../../../server/formats/wire.ts';

const text = fc.oneof(fc.constant(''), fc.string({ unit: 'binary' }));
const bytes = fc.uint8Array({ maxLength: 200 }).map((value) => Buffer.from(value));
const transaction: fc.Arbitrary<TransactionWithToken> = fc.record({
  token: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  version: fc.integer(),
  events: fc.array(bytes, { maxLength: 6 }),
  context: text,
});
const roles: Role[] = [
  'PRIMARY',
  'ACTIVE_BACKUP',
  'PASSIVE_BACKUP',
  'MESSAGING_ONLY',
  'SECONDARY',
  'ANALYTICS',
  'LEARNER',
];
const node: fc.Arbitrary<ConfiguredNode> = fc.record({
  nodeId: text,
  host: text,
  port: fc.integer({ min: 0, max: 65_535 }),
  nodeName: text,
  role: fc.constantFrom(...roles),
});

const nodes: ConfiguredNode[] = [
  { nodeId: 'n-1', host: 'h', port: 8224, nodeName: 'n', role: 'PRIMARY' },
  { nodeId: 'n-2', host: 'h', port: 8225, nodeName: 'm', role: 'ACTIVE_BACKUP' },
];
const nodesHex = '0a0e0a036e2d3112016818a04022016e0a100a036e2d3212016818a14022016d2802';

describe('appended transactions', () => {
  test('events at token 0 of the context that is named like its group leave out token, version and context', () => {
    const events = [Buffer.from('0a0161', 'hex'), Buffer.from('0a0162', 'hex')];
    const written = encodeAppend('EVENT', { token: 0n, version: 0, events, context: '' });
    expect(written.toString('hex')).toBe('0a0c417070656e642e4556454e54120a1a030a01611a030a0162');
  });

  test('a snapshot with every field set', () => {
    const events = [Buffer.from('0a0163', 'hex')];
    const written = encodeAppend('SNAPSHOT', { token: 300n, version: 1, events, context: 'ctx' });
    expect(written.toString('hex')).toBe('0a0f417070656e642e534e415053484f54120f08ac0210011a030a01632203637478');
  });

  test('every transaction is read back as it was written', () => {
    fc.assert(
      fc.property(fc.constantFrom('EVENT', 'SNAPSHOT'), transaction, (type, written) => {
        const read = decodeSerializedEntry(encodeAppend(type, written));
        expect(read).toEqual({ kind: 'append', type, transaction: written });
      }),
    );
  });

  test('more than 32,767 events are one entry', () => {
    const events = Array.from({ length: 40_000 }, (_, index) => Buffer.from(String(index)));
    const read = decodeSerializedEntry(encodeAppend('EVENT', { token: 9n, version: 0, events, context: 'c' }));
    if (read.kind !== 'append') throw new Error('not read as an append');
    expect(read.transaction.events).toHaveLength(40_000);
    expect(Buffer.concat(read.transaction.events).equals(Buffer.concat(events))).toBe(true);
  });
});

describe('changes of the configuration', () => {
  test('one is its type and its data', () => {
    const written = encodeConfigurationChange('ADD_CONTEXT', Buffer.from([1]));
    expect(written.toString('hex')).toBe('0a0b4144445f434f4e54455854120101');
  });

  test('empty data is left out, as protobuf leaves out every default', () => {
    expect(encodeConfigurationChange('A', Buffer.alloc(0)).toString('hex')).toBe('0a0141');
  });

  test('every change is read back as it was written', () => {
    const names = fc.string({ unit: 'binary', minLength: 1 }).filter((type) => !type.startsWith('Append.'));
    fc.assert(
      fc.property(names, bytes, (type, data) => {
        expect(decodeSerializedEntry(encodeConfigurationChange(type, data))).toEqual({
          kind: 'configuration',
          type,
          data,
        });
      }),
    );
  });
});

describe('new configurations', () => {
  test('each node is a message; a primary leaves out its role', () => {
    expect(encodeNewConfiguration(nodes).toString('hex')).toBe(nodesHex);
    expect(decodeNewConfiguration(Buffer.from(nodesHex, 'hex'))).toEqual(nodes);
  });

  test.each([
    ['PRIMARY', '0a00'],
    ['ACTIVE_BACKUP', '0a022802'],
    ['PASSIVE_BACKUP', '0a022803'],
    ['MESSAGING_ONLY', '0a022804'],
    ['SECONDARY', '0a022805'],
  ] as const)('the role %s of a node without anything else is %s', (role, hex) => {
    expect(encodeNewConfiguration([{ nodeId: '', host: '', port: 0, nodeName: '', role }]).toString('hex')).toBe(hex);
  });

  // It became PRIMARY, the one role that may lead: a damaged entry gave a backup node a vote and a store.
  test('a role that there is not is a WireError', () => {
    expect(() => decodeNewConfiguration(Buffer.from('0a022801', 'hex'))).toThrow(WireError);
    expect(() => decodeNewConfiguration(Buffer.from('0a022806', 'hex'))).toThrow('a node has no role 6');
  });

  test('every configuration is read back as it was written', () => {
    fc.assert(
      fc.property(fc.array(node, { maxLength: 7 }), (written) => {
        expect(decodeNewConfiguration(encodeNewConfiguration(written))).toEqual(written);
      }),
    );
  });
});

describe('leaders and dummies', () => {
  test('a leader is a single text', () => {
    expect(encodeLeaderElected('n-1').toString('hex')).toBe('0a036e2d31');
  });

  test('every leader is read back as it was written', () => {
    fc.assert(
      fc.property(text, (leaderId) => {
        expect(decodeLeaderElected(encodeLeaderElected(leaderId))).toBe(leaderId);
      }),
    );
  });

  test('a dummy is the byte X', () => {
    expect(encodeDummy().toString('hex')).toBe('58');
  });
});

/** No other failure than a WireError; true where the bytes were read. */
function isReadable(decode: (bytes: Buffer) => unknown, payload: Buffer): boolean {
  try {
    decode(payload);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(WireError);
    return false;
  }
}

/** The lengths, short of the whole, to which the payload can be cut and still be read. */
function readableCutsOf(decode: (bytes: Buffer) => unknown, whole: Buffer): number[] {
  return Array.from(whole.keys()).filter((cut) => isReadable(decode, whole.subarray(0, cut)));
}

describe('bytes that are no payload', () => {
  const decoders = [decodeSerializedEntry, decodeNewConfiguration, decodeLeaderElected];

  test('a payload that is cut is a WireError, unless the cut falls between two fields', () => {
    const append = encodeAppend('EVENT', { token: 1n, version: 0, events: [Buffer.from('e')], context: 'c' });
    expect(readableCutsOf(decodeSerializedEntry, append)).toEqual([0, 14]);
    expect(readableCutsOf(decodeNewConfiguration, Buffer.from(nodesHex, 'hex'))).toEqual([0, 16]);
    expect(readableCutsOf(decodeLeaderElected, encodeLeaderElected('n-1'))).toEqual([0]);
  });

  test('no altered byte causes any failure but a WireError', () => {
    const payloads = [
      encodeAppend('SNAPSHOT', { token: 300n, version: 1, events: [Buffer.from('e')], context: 'c' }),
      encodeNewConfiguration(nodes),
    ];
    for (const payload of payloads) {
      for (let at = 0; at < payload.length; at++) {
        for (let value = 0; value < 256; value++) {
          const altered = Buffer.from(payload);
          altered[at] = value;
          for (const decode of decoders) isReadable(decode, altered);
        }
      }
    }
  });

  test('no bytes at all cause any failure but a WireError', () => {
    const prefix = fc.constantFrom('', '0a0c417070656e642e4556454e54');
    fc.assert(
      fc.property(prefix, fc.uint8Array({ maxLength: 60 }), (before, rest) => {
        const payload = Buffer.concat([Buffer.from(before, 'hex'), rest]);
        for (const decode of decoders) isReadable(decode, payload);
      }),
      { numRuns: 1000 },
    );
  });
});
