import { drawTimeline } from '../../timeline/index.ts';
import type { DemonstratedSide, PlayedDemonstration } from '../demo/play.ts';
import type { Element } from 'xast';
import { formatPassed, lostBy, missingEntriesOf } from './demo-text.ts';
import { formatLoss } from './evidence-text.ts';
import { el, markup, prose, scrolling, table, type Content } from './html/elements.ts';
import { page } from './html/page.ts';
import { count } from './layout.ts';

/** A hazard as one page that needs nothing else: the two timelines one above the other, what was lost, and the stories. */
export function formatDemoPage(played: PlayedDemonstration): string {
  const { demonstration, naive, correct } = played;
  const { title, story, rule } = demonstration;
  return page(`${title}: a demonstration`, [
    el(
      'header',
      {},
      el('h1', {}, `${title.slice(0, 1).toUpperCase()}${title.slice(1)}`),
      el('p', {}, prose(story)),
      outcomeTable(played),
    ),
    el(
      'main',
      {},
      sideSection(naive, 'naive', 'The naive client'),
      sideSection(correct, 'correct', 'The correct client'),
    ),
    el(
      'footer',
      {},
      el(
        'p',
        {},
        'The rule is ',
        el('code', {}, rule),
        '. More of it: ',
        el('code', {}, `axon-backup-kit explain ${rule}`),
        '.',
      ),
    ),
  ]);
}

function outcomeTable({ naive, correct }: PlayedDemonstration): Element {
  const row = (what: string, of: (side: DemonstratedSide) => string): readonly string[] => [
    what,
    of(naive),
    of(correct),
  ];
  return table(
    ['after the last run', 'naive', 'correct'],
    [
      row('exit code', ({ report }) => String(report.scenarios[0]?.runs.at(-1)?.exitCode ?? '–')),
      row('a node restored from it', ({ restoration }) =>
        restoration.problems.length === 0 ? '✓ starts and rejoins' : '✗ does not get going',
      ),
      row('events and snapshots lost', (side) => String(lostBy(side))),
      row('log entries missing', (side) => String(missingEntriesOf(side))),
      row('changes of _admin lost', ({ restoration }) => String(restoration.lostChanges)),
    ],
  );
}

function sideSection(side: DemonstratedSide, id: string, name: string): Element {
  const { client, journal, moments } = side;
  const svg = drawTimeline(journal.timeline, { title: `${name}: ${client.id}`, idPrefix: id, hasStyle: false });
  const [first] = moments;
  const rows = moments.map(({ atMs, who, text }) => [formatPassed(atMs - (first?.atMs ?? atMs)), who, text]);
  return el(
    'section',
    { 'aria-labelledby': id },
    el('h2', { id }, `${name}: ${client.id}`),
    el('p', {}, client.defect),
    el('figure', {}, scrolling(`Timeline of ${client.id}`, markup(svg))),
    restoreList(side),
    el(
      'details',
      {},
      el('summary', {}, `What happened: ${count(moments.length, 'moment')}`),
      el('div', { class: 'inside' }, scrolling(`Story of ${client.id}`, table(['virtual time', 'who', 'what'], rows))),
    ),
  );
}

function restoreList({ restoration, report }: DemonstratedSide): Element {
  const { problems, lostChanges } = restoration;
  const lines: Content[] = [
    ...problems.map(({ where, message }) => `✗ ${where}: ${message}`),
    ...report.scenarios.flatMap(({ loss }) => loss.map((each) => `✗ lost: ${formatLoss(each)}`)),
    ...(lostChanges === 0 ? [] : [`✗ lost: ${count(lostChanges, 'change')} of the configuration`]),
  ];
  if (lines.length === 0) lines.push('✓ the node starts, applies its log and rejoins; nothing is lost');
  return el(
    'ul',
    {},
    lines.map((line) => el('li', {}, line)),
  );
}
