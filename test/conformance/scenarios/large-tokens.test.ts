import { describe, expect, test } from 'vitest';
import type { ScenarioResult } from '../../../conformance/verdict/report.ts';
import { playClient } from '../../support/played-client.ts';

async function failuresOf(client: string, scenario: string): Promise<ScenarioResult['rules']> {
  const { scenarios } = await playClient(client, [scenario]);
  return (scenarios[0]?.rules ?? []).filter(({ status }) => status === 'fail');
}

/* Every store began at 0 and stayed small: a cursor in 32 bits, or in a floating-point number, went through. */
describe('tokens of stores that have come a long way', () => {
  test.each([
    [
      'cursor-of-32-bits',
      'growth/tokens-beyond-2-31',
      /^cursor 1410065\d+: .* is what 32 bits keep of 99999999\d\d, and/,
    ],
    ['cursor-stays-at-2-31', 'growth/tokens-beyond-2-31', /is the highest number of 32 bits, below 99999999\d\d, and/],
  ] as const)('%s is told what has become of its cursor', async (client, scenario, message) => {
    const [failure] = await failuresOf(client, scenario);
    expect(failure?.id).toBe('cursor/from-closed-segment');
    expect(failure?.evidence[0]?.actual).toMatch(message);
  });

  test('a cursor that is rounded up skips a segment', async () => {
    const failures = await failuresOf('cursor-as-float', 'growth/tokens-beyond-2-53');
    expect(failures.map(({ id }) => id)).toEqual(['cursor/from-closed-segment', 'cursor/never-skips']);
    expect(failures[0]?.evidence[0]?.actual).toContain(
      'cursor 9007199254740996: segment 9007199254740996 was the open',
    );
  });

  test('a segment that is left out is a gap there, too, with all digits of its tokens', async () => {
    const failures = await failuresOf('numbers-of-ten-digits', 'growth/tokens-beyond-2-31');
    const restorable = failures.find(({ id }) => id === 'outcome/restorable');
    expect(restorable?.evidence[0]?.actual).toContain('tokens 10000000000 to 10000000019 of EVENT are in no segment');
  });
});
