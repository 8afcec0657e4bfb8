import type { Tally } from './campaign.ts';
import type { Find } from './find.ts';

/** One line while it runs. */
export function formatProgress({ inputs, finds, peakBytes }: Tally, elapsedMs: number): string {
  const rate = Math.round(inputs / (elapsedMs / 1000));
  return `${inputs} inputs, ${rate}/s, ${Math.round(peakBytes / 1e6)} MB, ${finds.length} kinds of failure`;
}

/** What came of it, for people. */
export function formatSummary(tally: Tally, elapsedMs: number): string {
  const { inputs, verdicts, slowestMs, slowest, peakBytes, finds } = tally;
  const counts = Object.entries(verdicts).toSorted(([, a], [, b]) => b - a);
  return [
    `inputs    ${inputs} in ${Math.round(elapsedMs / 1000)} s, ${(inputs / (elapsedMs / 1000)).toFixed(1)}/s`,
    `verdicts  ${counts.map(([verdict, count]) => `${count} ${verdict}`).join(', ')}`,
    `slowest   ${Math.round(slowestMs)} ms, input ${slowest}`,
    `memory    ${Math.round(peakBytes / 1e6)} MB resident at most`,
    `failures  ${finds.length === 0 ? 'none' : `${finds.length} kinds`}`,
    ...finds.flatMap(formatFind),
    '',
  ].join('\n');
}

function formatFind({ failure, count, number, isRepeatable, file }: Find): string[] {
  const [first = ''] = failure.message.split('\n');
  return [
    '',
    `  ${failure.kind}, ${count} times, first with input ${number}${isRepeatable ? '' : ', and not when it is played alone'}`,
    `    ${first.slice(0, 300)}`,
    ...(file === null ? [] : [`    npm run fuzz -- --replay ${file}`]),
  ];
}
