import { describe, expect, test } from 'vitest';
import { formatCountdown, formatInstant, formatListed } from '../../../server/page/virtual-time.ts';

describe('virtual times on the page', () => {
  test('are told without what nobody reads', () => {
    expect(formatInstant('2024-01-01T03:12:45.250Z')).toBe('2024-01-01 03:12:45');
    expect(formatListed('2024-01-01T03:12:45.250Z')).toBe('01-01 03:12:45.250');
  });

  test.each([
    ['2024-01-01T00:00:00.000Z', 'now'],
    ['2023-12-31T23:00:00.000Z', 'now'],
    ['2024-01-01T00:00:00.001Z', 'in 1s'],
    ['2024-01-01T00:00:59.000Z', 'in 59s'],
    ['2024-01-01T00:01:00.000Z', 'in 1m 00s'],
    ['2024-01-01T00:42:10.900Z', 'in 42m 10s'],
    ['2024-01-01T01:05:59.000Z', 'in 1h 05m'],
    ['2024-01-03T03:59:00.000Z', 'in 2d 3h'],
  ])('%s is %s at midnight', (then, text) => {
    expect(formatCountdown('2024-01-01T00:00:00.000Z', then)).toBe(text);
  });
});
