import type { Element } from 'xast';
import type { Report } from '../../verdict/report.ts';
import { versionsIn } from '../scenario-name.ts';
import { anchorOfRule } from './anchors.ts';
import { badge, el, scrolling, unseen } from './elements.ts';

/** Rules against versions, each cell in words and with its colour; nothing where there is one version. */
export function versionsSection(report: Report): Element[] {
  const versions = versionsIn(report);
  if (versions.length < 2) return [];
  const head = el(
    'tr',
    {},
    el('th', { scope: 'col' }, unseen('Rule')),
    versions.map((version) => el('th', { scope: 'col' }, version)),
  );
  const rows = report.rules.map(({ id, level, versions: of }) =>
    el(
      'tr',
      {},
      el(
        'th',
        { scope: 'row' },
        el('a', { href: `#${anchorOfRule(id)}` }, id),
        el('span', { class: 'muted' }, ` ${level}`),
      ),
      versions.map((version) => {
        const status = of.find((each) => each.version === version)?.status;
        return el('td', {}, status === undefined ? unseen('not judged') : badge(status));
      }),
    ),
  );
  return [
    el(
      'section',
      { 'aria-labelledby': 'versions' },
      el('h2', { id: 'versions' }, 'Rules by server version'),
      scrolling(
        'Table of rules and server versions',
        el('table', { class: 'versions' }, el('thead', {}, head), el('tbody', {}, rows)),
      ),
      el('p', { class: 'muted' }, 'The gravest of the scenarios of each version; blank: not judged there.'),
    ),
  ];
}
