import type { Scenario } from './scenario.ts';

/*
 * Clusters of three nodes and one context whose segments, of events and of the log, are closed by some forty transactions:
 * most situations need no more.
 */

/** Applications write every five seconds, whatever else happens. */
export const growing = {
  rate: 0.2,
  segmentSizeBytes: 8 * 1024,
  logSegmentSizeBytes: 8 * 1024,
} satisfies Scenario['cluster'];

/** Nothing is written but what the steps say. */
export const still = { ...growing, rate: 0 } satisfies Scenario['cluster'];
