import type { Element } from 'xast';
import type { Report } from '../../verdict/report.ts';
import { timelineLines } from '../explain-text.ts';
import { anchorOfResult, anchorOfRule, anchorOfScenario } from './anchors.ts';
import { badge, el, lines, prose, type Content } from './elements.ts';
import type { PageTexts, RuleText } from './texts.ts';

type ReportedRule = Report['rules'][number];

/** What each rule demands and why, once; the scenarios refer to it. */
export function rulesSection(report: Report, texts: PageTexts): Element {
  return el(
    'section',
    { 'aria-labelledby': 'rules' },
    el('h2', { id: 'rules' }, 'What the rules say'),
    report.rules.map((rule) => ruleArticle(report, rule, texts.ruleOf(rule.id))),
  );
}

function ruleArticle(report: Report, rule: ReportedRule, text: RuleText | undefined): Element {
  const { id, level, status } = rule;
  return el(
    'article',
    {},
    el(
      'details',
      { id: anchorOfRule(id), ...(status === 'fail' ? { open: '' } : {}) },
      el(
        'summary',
        {},
        badge(status),
        el('h3', {}, id),
        el('span', { class: 'muted' }, ` (${level}) `),
        ...(text === undefined ? [] : prose(text.requirement)),
      ),
      el('div', { class: 'inside' }, ...(text === undefined ? [] : explain(text)), ...judgedIn(report, rule)),
    ),
  );
}

function explain({ why, source, remedy, waivedBy = [], timelines }: RuleText): Content[] {
  const facts: ReadonlyArray<readonly [string, readonly Content[]]> = [
    ['why', prose(why)],
    ['what to do', prose(remedy)],
    ['source', prose(source)],
    ...(waivedBy.length === 0 ? [] : [['waived by', [`--capabilities ${waivedBy.join(' or ')}`]] as const]),
  ];
  return [
    el(
      'dl',
      {},
      facts.flatMap(([name, fact]) => [el('dt', {}, name), el('dd', {}, fact)]),
    ),
    el('div', { class: 'courses' }, course('Goes well', timelines.good), course('Goes wrong', timelines.bad)),
  ];
}

function course(name: string, timeline: string): Element {
  return el('figure', {}, el('figcaption', {}, name), el('pre', {}, lines(timelineLines(timeline))));
}

function judgedIn(report: Report, { id, scenarios }: ReportedRule): Content[] {
  const statusIn = (scenario: string) =>
    report.scenarios.find((each) => each.id === scenario)?.rules.find((rule) => rule.id === id)?.status ?? 'pass';
  const wrong = scenarios.filter((scenario) => statusIn(scenario) !== 'pass');
  const right = scenarios.filter((scenario) => statusIn(scenario) === 'pass');
  const links = (ids: readonly string[], hrefOf: (scenario: string) => string): Content[] =>
    ids.flatMap((scenario, place) => [
      ...(place === 0 ? [] : [', ']),
      el('a', { href: `#${hrefOf(scenario)}` }, scenario),
    ]);
  return [
    ...(wrong.length === 0
      ? []
      : [
          el(
            'p',
            {},
            'Not passed in ',
            links(wrong, (scenario) => anchorOfResult(scenario, id)),
            '.',
          ),
        ]),
    ...(right.length === 0 ? [] : [el('p', {}, 'Passed in ', links(right, anchorOfScenario), '.')]),
  ];
}
