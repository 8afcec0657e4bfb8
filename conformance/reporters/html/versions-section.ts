import type { Element } from 'xast';
import type { Report } from '../../verdict/report.ts';
import { versionsIn } from '../scenario-name.ts';
import { badge, el, unseen } from './elements.ts';
import { rulesTable } from './rules-table.ts';

/** Rules against versions, each cell in words and with its colour; nothing where there is one version. */
export function versionsSection(report: Report): Element[] {
  const versions = versionsIn(report);
  if (versions.length < 2) return [];
  const heads = versions.map((version) => el('th', { scope: 'col' }, version));
  const cellsOf = ({ versions: judged }: Report['rules'][number]): Element[] =>
    versions.map((version) => {
      const status = judged.find((each) => each.version === version)?.status;
      return el('td', {}, status === undefined ? unseen('not judged') : badge(status));
    });
  return [
    el(
      'section',
      { 'aria-labelledby': 'versions' },
      el('h2', { id: 'versions' }, 'Rules by server version'),
      rulesTable(report, { label: 'Table of rules and server versions', className: 'versions', heads, cellsOf }),
      el('p', { class: 'muted' }, 'The gravest of the scenarios of each version; blank: not judged there.'),
    ),
  ];
}
