import { describe, expect, test } from 'vitest';
import { AxonError, startSimulator, type Simulator, type SimulatorOptions } from '../../server/index.ts';
import { stillSimulator } from '../support/simulator.ts';

/** As somebody calls it whom no compiler looks after. */
type Call = (simulator: Simulator) => unknown;
const anything = (value: unknown): never => value as never;

const refusals: ReadonlyArray<readonly [name: string, call: Call, message: string]> = [
  ['advance(NaN)', ({ clock }) => clock.advance(Number.NaN), 'byMs: must be integer'],
  ['advance(0.5)', ({ clock }) => clock.advance(0.5), 'byMs: must be integer'],
  ['advance(-5)', ({ clock }) => clock.advance(-5), 'byMs: must be >= 0'],
  ['advance(a year)', ({ clock }) => clock.advance(365 * 86_400_000), 'byMs: must be <= 8640000000'],
  [
    'append of no transaction',
    ({ control }) => control.append('default', { transactions: 0 }),
    'transactions: must be >= 1',
  ],
  [
    'append of empty transactions',
    ({ control }) => control.append('default', { eventsPerTransaction: 0 }),
    'eventsPerTransaction: must be >= 1',
  ],
  [
    'append of too much',
    ({ control }) => control.append('default', { transactions: 1000, eventsPerTransaction: 2000 }),
    '1000000 events at most in one call',
  ],
  [
    'append with a slip of the pen',
    ({ control }) => control.append('default', anything({ transaction: 5 })),
    'append: nothing is known of "transaction"',
  ],
  ['append of null', ({ control }) => control.append('default', anything(null)), 'append: must be object'],
  ['roll of FOO', ({ control }) => control.roll('default', anything('FOO')), 'type: one of EVENT, SNAPSHOT is wanted'],
  [
    'transform below 0',
    ({ control }) => control.transform('default', { firstToken: -1n, lastToken: 0n }),
    'firstToken: must be >= 0',
  ],
  [
    'transform of nothing',
    ({ control }) => control.transform('default', anything(undefined)),
    'tokens: must be object',
  ],
  ['cleanLog(-1)', ({ control }) => control.cleanLog('node-1', 'default', -1), 'olderThanMs: must be >= 0'],
  ['a lag of NaN', ({ control }) => control.delayReplication('node-1', Number.NaN), 'lagMs: must be integer'],
  [
    'a fault that does nothing',
    async ({ control }) => control.planFaults([{ match: {}, do: {} }]),
    'rules.0.do: must NOT have fewer than 1 properties',
  ],
  ['faults that are no list', async ({ control }) => control.planFaults(anything({})), 'rules: must be array'],
];

describe('the control API in process refuses what the one under /_sim does', () => {
  // These hung, poisoned the clock for good, answered tokens that there are not, or failed with a TypeError.
  test.each(refusals)('%s', async (_name, call, message) => {
    const simulator = await stillSimulator();
    const error: unknown = await Promise.resolve(simulator)
      .then(call)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AxonError);
    expect(error).toMatchObject({ kind: 'bad-request', message });
    expect(simulator.clock.nowMs).toBe(Date.UTC(2024, 0, 1));
    expect(await simulator.control.append('default')).toEqual({ firstToken: 0n, lastToken: 0n });
  });

  test('and leaves what it is given as it is', async () => {
    const simulator = await stillSimulator();
    const request = Object.freeze({ transactions: 2 });
    expect(await simulator.control.append('default', request)).toEqual({ firstToken: 0n, lastToken: 1n });
    expect(request).toEqual({ transactions: 2 });
  });
});

describe('startSimulator', () => {
  // A slip of the pen was passed over, and other values failed with a TypeError deep inside.
  test.each<[options: unknown, message: string]>([
    [{ segmentSize: 4096 }, 'segmentSize: nothing is known of this'],
    [{ contexts: 'default' }, 'contexts: must be array'],
    [{ contexts: [5] }, 'contexts[0]: must be string'],
    [{ groups: [{}] }, 'groups[0]: "name" is missing'],
    [{ groups: null }, 'groups: must be array'],
    [{ host: 5 }, 'host: must be string'],
    [{ dataDir: 5 }, 'dataDir: must be string'],
    [{ token: 5 }, 'token: must be string'],
    [{ tokens: [{ token: 'secret-of-mine' }] }, 'tokens[0]: "roles" is missing'],
    [{ rate: '1' }, 'rate: must be number'],
    [{ rate: Number.NaN }, 'rate NaN: a number from 0 to 10000 is wanted'],
    [{ port: -1 }, 'port -1: a whole number from 0 to 65535 is wanted'],
    [{ nodes: 0 }, 'nodes 0: a whole number from 1 to 64 is wanted'],
    [{ segmentSizeBytes: 10 }, 'segment size 10: a whole number from 64 to 2147483647 is wanted'],
    [null, 'the options must be an object'],
  ])('does not take %j', async (options, message) => {
    const error: unknown = await startSimulator(options as SimulatorOptions).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AxonError);
    expect(error).toMatchObject({ kind: 'bad-option', message });
  });
});
