import { advance, everyBackup, hazards, run, type Scenario } from '../parts.ts';

export const twoIndexFormats: Scenario = {
  id: 'listing/two-index-formats',
  title: 'contexts with index files of two kinds',
  story:
    'One context is older than the other: beside its segments lie .index and .bloom, beside those of the new one .nindex, and one global-index-00000.xref for all, which changes with each segment and is listed each time. Whoever knows one kind alone leaves the other behind, or keeps the first copy of the global index for good.',
  cluster: {
    rate: 0,
    contexts: ['default', 'orders'],
    indexFormats: { default: 'JUMP_SKIP_INDEX', orders: { event: 'BLOOM_FILTER_INDEX', snapshot: 'JUMP_SKIP_INDEX' } },
    segmentSizeBytes: 8 * 1024,
    logSegmentSizeBytes: 8 * 1024,
  },
  steps: [...eachGrows(), run, ...eachGrows(), run],
  hazards: [hazards.twoIndexFormats],
  rules: [...everyBackup, 'coverage/index-files'],
};

function eachGrows(): Scenario['steps'] {
  return [
    ...['default', 'orders'].flatMap((context) => [
      { kind: 'append', context, transactions: 40 } as const,
      { kind: 'append', context, transactions: 20, type: 'SNAPSHOT' } as const,
      { kind: 'roll', context, type: 'SNAPSHOT' } as const,
    ]),
    advance('30s'),
  ];
}
