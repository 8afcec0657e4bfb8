import type { Finding, Rule } from '../rules/rule.ts';
import type { ReportedLoss } from '../verdict/report.ts';
import { count } from './layout.ts';
import { printable } from './printable.ts';

/** What a reporter wants to know of a rule beside its results; undefined for a rule that is not in the catalogue. */
export type RuleLookup = (id: string) => Pick<Rule, 'requirement' | 'source' | 'remedy' | 'consequenceOf'> | undefined;

/** Where a finding belongs: `run 2 at 2024-01-01T00:31:00.000Z, virtual time`; empty where it belongs to no moment. */
export function formatMoment({ run, atMs }: Pick<Finding, 'run' | 'atMs'>): string {
  const moment = atMs === null ? null : `${new Date(atMs).toISOString()}, virtual time`;
  return [run === null ? null : `run ${run}`, moment].filter((part) => part !== null).join(' at ');
}

/** The findings as plain lines, no more than `most` of them; what is left out is counted. */
export function formatFindings(findings: readonly Finding[], most: number): string[] {
  const lines = findings.slice(0, most).flatMap((finding) => {
    const moment = formatMoment(finding);
    return [
      printable(finding.subject),
      ...(moment === '' ? [] : [`  when      ${moment}`]),
      `  expected  ${printable(finding.expected)}`,
      `  actual    ${printable(finding.actual)}`,
    ];
  });
  return findings.length > most ? [...lines, formatRest(findings.length - most)] : lines;
}

export function formatRest(left: number): string {
  return `… and ${left} more of the kind; the JSON report has them all`;
}

/** `12 snapshots of default (SNAPSHOT), written over 3m 20s of virtual time`. */
export function formatLoss({ context, type, events, virtualTime }: ReportedLoss): string {
  const time = virtualTime > 0 ? `, written over ${formatDuration(virtualTime)} of virtual time` : '';
  const lost = count(events, type === 'SNAPSHOT' ? 'snapshot' : 'event');
  return `${lost} of ${printable(context)} (${printable(type)})${time}`;
}

/** `1h 2m 3s`; below a minute with a tenth where there is one. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Number(seconds.toFixed(1))}s`;
  const whole = Math.round(seconds);
  const parts: ReadonlyArray<readonly [number, string]> = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'm'],
    [whole % 60, 's'],
  ];
  return parts
    .filter(([number]) => number > 0)
    .map(([number, unit]) => `${number}${unit}`)
    .join(' ');
}
