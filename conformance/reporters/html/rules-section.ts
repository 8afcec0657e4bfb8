import type { Element } from 'xast';
import type { Report } from '../../verdict/report.ts';
import { describeKinship, timelineLines } from '../explain-text.ts';
import { anchorOfRule } from './anchors.ts';
import { badge, el, lines, prose, type Content } from './elements.ts';
import { judgedIn } from './judged-in.ts';
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
      {},
      el(
        'summary',
        {},
        badge(status),
        el('h3', {}, id),
        el('span', { class: 'muted' }, ` (${level}) `),
        ...(text === undefined ? [] : prose(text.requirement)),
      ),
      el(
        'div',
        { class: 'inside', id: anchorOfRule(id) },
        ...(text === undefined ? [] : explain(text)),
        ...judgedIn(report, id),
      ),
    ),
  );
}

function explain({ why, source, remedy, waivedBy = [], consequenceOf = [], timelines }: RuleText): Content[] {
  const facts: ReadonlyArray<readonly [string, readonly Content[]]> = [
    ['why', prose(why)],
    ['what to do', prose(remedy)],
    ['source', prose(source)],
    ...(consequenceOf.length === 0 ? [] : [['comes of', [describeKinship(consequenceOf)]] as const]),
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
