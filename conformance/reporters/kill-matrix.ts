import type { KillMatrix } from '../check/selftest.ts';
import type { Style } from './style.ts';

/** The kill matrix as text: for each rule the mutants that die by it, then what is not proved. */
export function formatKillMatrix(matrix: KillMatrix, style: Style): string {
  const byRule = new Map<string, string[]>();
  for (const { id, killedBy, isProved } of matrix.clients) {
    if (killedBy !== null && isProved) byRule.set(killedBy, [...(byRule.get(killedBy) ?? []), id]);
  }
  const lines = [...byRule].map(([rule, mutants]) => `  ${rule.padEnd(30)} kills ${mutants.join(', ')}`);
  const unproved = matrix.clients.filter(({ isProved }) => !isProved);
  const counts = `${matrix.clients.length - unproved.length} of ${matrix.clients.length} clients are judged as they should be`;
  return [
    '',
    ...lines,
    ...unproved.map(({ id, message }) => `  ${style.bold('not proved')}  ${id}: ${message}`),
    ...matrix.rulesWithoutMutant.map((rule) => `  ${style.bold('no mutant')}   ${rule}`),
    '',
    `${matrix.isProved ? '✓' : '✗'} ${counts}; ${matrix.rulesWithoutMutant.length} rules without a mutant`,
    '',
  ].join('\n');
}
