import type { Element } from 'xast';
import type { Report, ScenarioResult } from '../../verdict/report.ts';
import { formatLoss } from '../evidence-text.ts';
import {
  expiredEntries,
  explainExit,
  formatJudgements,
  formatProof,
  formatScenarioCounts,
  staleEntries,
  worstLoss,
} from '../report-facts.ts';
import { formatVersions, nameOf, versionsIn } from '../scenario-name.ts';
import { anchorOfScenario } from './anchors.ts';
import { el, type Content } from './elements.ts';

export const outcomes = {
  0: { words: '✓ passed', look: 'pass' },
  1: { words: '✗ failed', look: 'fail' },
  2: { words: '? inconclusive', look: 'inconclusive' },
  70: { words: 'E the kit failed', look: 'error' },
} as const satisfies Record<Report['exitCode'], { readonly words: string; readonly look: string }>;

type Fact = readonly [term: string, fact: Content | readonly Content[]];

/** Head of the page: the verdict, the worst that a restore loses, how many of what, and the way to each part. */
export function summarySection(report: Report, first: ScenarioResult | undefined): Element {
  const { words, look } = outcomes[report.exitCode];
  return el(
    'header',
    {},
    skipLink(report, first),
    el('h1', {}, 'Backup conformance'),
    el(
      'p',
      { class: `verdict ${look}` },
      el('strong', {}, words),
      `, exit ${report.exitCode}: ${explainExit(report)}.`,
    ),
    facts([
      ...(report.exitCode === 0 ? [['proved', formatProof(report)] as const] : worstOf(report)),
      ['scenarios', formatScenarioCounts(report)],
      ['judgements', formatJudgements(report)],
    ]),
    ...entriesOf('On the list of known failures, and no longer true:', staleEntries(report)),
    ...entriesOf('On the list of known failures, and past their date:', expiredEntries(report)),
    el(
      'nav',
      { 'aria-label': 'Contents' },
      el(
        'ul',
        {},
        [
          ...(first === undefined ? [] : [[anchorOfScenario(nameOf(first, report)), 'First failure'] as const]),
          ['scenarios', 'Scenarios'] as const,
          ...(versionsIn(report).length > 1 ? [['versions', 'Rules by server version'] as const] : []),
          ['grid', 'Rules and scenarios'] as const,
          ['rules', 'What the rules say'] as const,
          ['about', 'What was judged'] as const,
        ].map(([place, text]) => el('li', {}, el('a', { href: `#${place}` }, text))),
      ),
    ),
  );
}

/** The foot of the page: which client, by which kit, against which server. */
export function aboutSection(report: Report): Element {
  const { client, kit, seed, capabilities } = report;
  return el(
    'section',
    { 'aria-labelledby': 'about' },
    el('h2', { id: 'about' }, 'What was judged'),
    facts([
      ['client', el('code', {}, client.argv.join(' '))],
      ['judged by', `axon-backup-kit ${kit.version}, ${formatVersions(report)}, seed ${seed}`],
      ...(capabilities.length === 0 ? [] : [['declares', capabilities.join(', ')] as const]),
    ]),
  );
}

/** Terms and what there is to say of them. */
export function facts(all: readonly Fact[]): Element {
  return el(
    'dl',
    {},
    all.flatMap(([term, fact]) => [el('dt', {}, term), el('dd', {}, fact)]),
  );
}

function skipLink(report: Report, first: ScenarioResult | undefined): Element {
  if (first === undefined) return el('a', { class: 'skip', href: '#scenarios' }, 'Skip to the scenarios');
  const href = `#${anchorOfScenario(nameOf(first, report))}`;
  return el('a', { class: 'skip', href }, 'Skip to what went wrong');
}

function worstOf(report: Report): Fact[] {
  const worst = worstLoss(report);
  if (worst === null) return [];
  const name = nameOf(worst.scenario, report);
  const where = el('a', { href: `#${anchorOfScenario(name)}` }, name);
  return [['at worst', [el('strong', {}, `a restore loses ${formatLoss(worst.loss)}`), ', in ', where]]];
}

function entriesOf(title: string, entries: readonly string[]): Element[] {
  if (entries.length === 0) return [];
  return [
    el('p', {}, title),
    el(
      'ul',
      {},
      entries.map((entry) => el('li', {}, el('code', {}, entry))),
    ),
  ];
}
