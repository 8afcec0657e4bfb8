import type { Element } from 'xast';
import type { Report, ScenarioResult } from '../../verdict/report.ts';
import {
  countScenarios,
  explainExit,
  formatJudgements,
  formatProof,
  formatSummary,
  isExpectedFailure,
  staleEntries,
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

/** Head of the page: the verdict, what it is about, and the way to what is wrong. */
export function summarySection(report: Report): Element {
  const { words, look } = outcomes[report.exitCode];
  const first = firstFailure(report);
  const nameOfFirst = first === undefined ? null : nameOf(first, report);
  const stale = staleEntries(report);
  return el(
    'header',
    {},
    el(
      'a',
      { class: 'skip', href: `#${nameOfFirst === null ? 'scenarios' : anchorOfScenario(nameOfFirst)}` },
      'Skip to what went wrong',
    ),
    el('h1', {}, 'Backup conformance'),
    el(
      'p',
      { class: `verdict ${look}` },
      el('strong', {}, words),
      `, exit ${report.exitCode}: ${explainExit(report)}.`,
    ),
    el(
      'dl',
      {},
      factsOf(report).flatMap(([name, fact]) => [el('dt', {}, name), el('dd', {}, fact)]),
    ),
    ...(stale.length === 0
      ? []
      : [
          el('p', {}, 'Expected to fail, and no longer does:'),
          el(
            'ul',
            {},
            stale.map((entry) => el('li', {}, el('code', {}, entry))),
          ),
        ]),
    el(
      'nav',
      { 'aria-label': 'Contents' },
      el(
        'ul',
        {},
        [
          ...(nameOfFirst === null
            ? []
            : [[`#${anchorOfScenario(nameOfFirst)}`, `First failure: ${nameOfFirst}`] as const]),
          ['#scenarios', 'Scenarios'] as const,
          ...(versionsIn(report).length > 1 ? [['#versions', 'Rules by server version'] as const] : []),
          ['#grid', 'Rules and scenarios'] as const,
          ['#rules', 'What the rules say'] as const,
        ].map(([href, text]) => el('li', {}, el('a', { href }, text))),
      ),
    ),
  );
}

/** Where the page opens: the first scenario that failed unexpectedly, or else the first that is not as it should be. */
export function firstFailure(report: Report): ScenarioResult | undefined {
  const hasUnexpected = (scenario: ScenarioResult): boolean =>
    scenario.status === 'error' ||
    scenario.rules.some((rule) => rule.status === 'fail' && !isExpectedFailure(report, scenario, rule));
  return (
    report.scenarios.find(hasUnexpected) ??
    report.scenarios.find(({ status }) => status === 'fail') ??
    report.scenarios.find(({ status }) => status === 'warn' || status === 'inconclusive')
  );
}

function factsOf(report: Report): Array<readonly [string, Content]> {
  const { client, kit, seed, capabilities } = report;
  return [
    ['client', el('code', {}, client.argv.join(' '))],
    ['judged by', `axon-backup-kit ${kit.version}, ${formatVersions(report)}, seed ${seed}`],
    ...(capabilities.length === 0 ? [] : [['declares', capabilities.join(', ')] as const]),
    ['scenarios', formatSummary(countScenarios(report))],
    ['judgements', formatJudgements(report)],
    ...(report.exitCode === 0 ? [['proved', formatProof(report)] as const] : []),
  ];
}
