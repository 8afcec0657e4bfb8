import { advance, append, appendSnapshots, everyBackup, hazards, run, type Scenario, type Step } from '../parts.ts';

/** A single segment more: in four of such steps each way of rounding comes about. */
const oneSegmentMore: readonly Step[] = [append(1, { payloadBytes: 150 }), advance('5s'), run];

export const tokensBeyond53Bits: Scenario = {
  id: 'growth/tokens-beyond-2-53',
  title: 'tokens that no floating-point number holds',
  story:
    'The tokens of a store pass 9,007,199,254,740,992, and each segment holds one event. JSON has such numbers in full; whoever reads them as floating-point ones, as JavaScript and jq do, gets every other one wrong, and asks with a number that is no segment, or one too far.',
  cluster: {
    rate: 0,
    nodes: 1,
    firstTokens: { default: '9007199254740989' },
    segmentSizeBytes: 512,
    logSegmentSizeBytes: 8 * 1024,
  },
  steps: [
    append(5, { payloadBytes: 150 }),
    appendSnapshots(3, { payloadBytes: 150 }),
    advance('10s'),
    run,
    ...oneSegmentMore,
    ...oneSegmentMore,
    ...oneSegmentMore,
    ...oneSegmentMore,
  ],
  hazards: [hazards.tokensPass(2n ** 53n), hazards.singleEventSegments, hazards.openSegmentCloses],
  rules: [...everyBackup, 'cursor/never-skips', 'cursor/from-closed-segment'],
};
