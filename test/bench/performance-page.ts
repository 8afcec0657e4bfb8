import type { BenchReport } from './bench.ts';
import type { Figure, Promised, Side, Spread, Unit } from './figure.ts';

/** docs/performance.md: nothing goes into it but what `npm run bench -- --json` has written. */
export function formatPerformancePage({ version, machine, benches }: BenchReport): string {
  const { processor, cores, memoryGiB, node, system, load } = machine;
  return [
    '# What it costs',
    '',
    '<!-- Made from performance.json by `npm run docs`. -->',
    '',
    `Measured with version ${version}, bench by bench, each by the command that stands there. \`npm run bench -- --json docs/performance.json\``,
    'measures all of them, and `npm run docs` makes this page of that.',
    'Each thing is measured in turn with what stands beside it, in the same run; a figure is the median of its runs, with the',
    'lowest and the highest in brackets. A ratio is that of the two within one run: it says more than milliseconds do, which are',
    "this machine's.",
    '',
    '| | |',
    '| --- | --- |',
    `| processor | ${processor}, ${cores} ${cores === 1 ? 'core' : 'cores'} |`,
    `| memory | ${memoryGiB} GiB |`,
    `| system | ${system}, Node ${node} |`,
    `| at work meanwhile | a load of ${load.before} before and ${load.after} after |`,
    '',
    ...benches.flatMap(({ name, title, about, figures }) => [
      `## ${title}`,
      '',
      about,
      '',
      `\`npm run bench -- --only ${name}\``,
      '',
      '| | measured | beside it | ratio | promised |',
      '| --- | --- | --- | --- | --- |',
      ...figures.map(formatRow),
      '',
      ...notesOf(figures),
    ]),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

/** One line for a terminal: what was measured, the figures, what was promised. */
export function formatFigure(figure: Figure): string {
  const { what, measured, baseline, ratio, promised, isKept, runs, notes } = figure;
  const beside = baseline === null ? '' : `; ${baseline.name} ${formatSide(baseline)}`;
  const together = ratio === null ? '' : `; ratio ${formatSpread(ratio)}`;
  const mark = promised === null ? '      ' : isKept ? 'kept  ' : 'BROKEN';
  const promise = promised === null ? '' : ` (promised: ${formatPromised(promised, measured.unit)})`;
  const times = runs === 1 ? 'one run' : `${runs} runs`;
  return `${mark}  ${what}: ${formatSide(measured)}${beside}${together}${promise}; ${[times, ...notes].join('; ')}`;
}

function formatRow({ what, measured, baseline, ratio, promised, isKept }: Figure): string {
  const beside = baseline === null ? '' : `${baseline.name}: ${formatSide(baseline)}`;
  const promise =
    promised === null ? '' : `${formatPromised(promised, measured.unit)}${isKept ? '' : ': **not kept**'}`;
  const cells = [what, formatSide(measured), beside, ratio === null ? '' : formatSpread(ratio), promise];
  return `| ${cells.join(' | ')} |`;
}

/** What came along, for each figure that has something, in one list. */
function notesOf(figures: readonly Figure[]): string[] {
  const noted = figures.filter(({ notes }) => notes.length > 0);
  if (noted.length === 0) return [];
  return [
    ...noted.map(
      ({ what, runs, notes }) => `- ${what}: ${[...notes, `${runs} ${runs === 1 ? 'run' : 'runs'}`].join('; ')}`,
    ),
    '',
  ];
}

function formatPromised({ of, bound, limit }: Promised, unit: Unit): string {
  return of === 'ratio' ? `ratio ${limit} ${bound}` : `${formatNumber(limit)} ${unit} ${bound}`;
}

function formatSide(side: Side): string {
  return `${formatSpread(side, side.unit)}`;
}

function formatSpread({ median, lowest, highest }: Spread, unit: Unit | '' = ''): string {
  const space = unit === '' ? '' : ' ';
  const range = lowest === highest ? '' : ` (${formatNumber(lowest)}–${formatNumber(highest)})`;
  return `${formatNumber(median)}${space}${unit}${range}`;
}

/** Three digits, and all before the point; thousands apart, in whatever language the machine speaks. */
function formatNumber(value: number): string {
  const digits = Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
  return digits.replaceAll(/\B(?=(\d{3})+$)/g, ',');
}
