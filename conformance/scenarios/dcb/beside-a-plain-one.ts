import type { Scenario } from '../scenario.ts';

/** One node with a plain context, and the context billing, which has a dynamic consistency boundary. */
export const besideAPlainOne: Scenario['cluster'] = {
  nodes: 1,
  rate: 0,
  groups: [
    { name: 'default', contexts: ['default'] },
    { name: 'billing', contexts: [{ name: 'billing', dcb: true }] },
  ],
  segmentSizeBytes: 8 * 1024,
  logSegmentSizeBytes: 8 * 1024,
};
