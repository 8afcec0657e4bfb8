import * as fc from 'fast-check';
import type { Fault } from '../../server/index.ts';
import { matchOf, type AskedFor } from './asked-for.ts';

/** JSON that is no list, and what is no JSON. */
const bodies = ['{}', 'null', '0', '"later"', '{"filenames":{}}', '<html></html>'];

/**
 * Trouble that a client can see: an error, a connection that breaks, an answer that is cut off or is none; and slowness. 404
 * is how an older release answers that has no such endpoint: who goes on with the older one has not overlooked anything. Logs are
 * listed by one endpoint alone.
 */
const trouble: fc.Arbitrary<Fault['do']> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(500, 503, 401).map((status) => ({ status })) },
  { weight: 2, arbitrary: fc.constant<Fault['do']>({ reset: true }) },
  { weight: 2, arbitrary: fc.constantFrom<Fault['do']>({ cut: 'half' }, { cut: 'last-byte' }, { truncateAt: 0 }) },
  { weight: 4, arbitrary: fc.constantFrom(...bodies).map((body) => ({ body })) },
  { weight: 1, arbitrary: fc.constant<Fault['do']>({ delay: '20ms' }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Fault['do']>(
      { delay: '20ms', reset: true },
      { delay: '20ms', cut: 'half' },
      { delay: '20ms', status: 503 },
    ),
  },
);

/** What the server writes may fail, and does not come back to life. What lists the states of all, which looks otherwise, breaks then. */
const failed: Fault['do'] = { body: '{"backupState":"FAILED"}' };
const troubleOfState = fc.oneof(trouble, fc.constant(failed));
const troubleOfLog = fc.oneof(
  { weight: 9, arbitrary: trouble },
  { weight: 1, arbitrary: fc.constant({ status: 404 }) },
);
const STATES = { method: 'GET', path: '/v2/backup' } as const;

function troubleOf(asked: AskedFor): fc.Arbitrary<Fault['do']> {
  if (asked === 'log') return troubleOfLog;
  return asked === 'state-of-push' ? troubleOfState : trouble;
}

/** How often trouble strikes; 0 is without end. */
const strikes = fc.constantFrom(1, 1, 2, 0, 0);

/** The rules of one fault, which strikes one of these requests. */
export function faultsAt(asked: readonly AskedFor[]): fc.Arbitrary<readonly Fault[]> {
  return fc.constantFrom(...asked).chain((each) =>
    fc
      .record({
        nth: fc.constantFrom(1, 1, 1, 2, 3),
        do: troubleOf(each),
        times: strikes,
      })
      .map(({ nth, ...fault }) => rulesOf(each, nth, fault)),
  );
}

function rulesOf(asked: AskedFor, nth: number, fault: Omit<Fault, 'match'>): readonly Fault[] {
  const rule: Fault = { match: { ...matchOf(asked), nth }, ...fault };
  if (asked !== 'state-of-push') return [rule];
  if (fault.do !== failed) return [rule, { match: { ...STATES, nth }, ...fault }];
  return [
    { match: { ...matchOf(asked), nth }, do: failed, times: 0 },
    { match: { ...STATES, nth }, do: { status: 503 }, times: 0 },
  ];
}

/** The same rule for one node alone. */
export function onlyOn(node: string, rule: Fault): Fault {
  return { ...rule, match: { ...rule.match, node } };
}
