import { AxonError } from '../errors.ts';
import type { Fault } from './faults.ts';

const methods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * A rule that can strike no request, or says two things at once, is a slip of the pen: a test that relies on it would pass
 * without its trouble. Fails with `bad-request` and the place: `rules[0].match.node: …`.
 */
export function checkFaultRules(rules: readonly Fault[], nodeNames: readonly string[]): void {
  for (const [place, rule] of rules.entries()) {
    const fault = matchFault(rule.match, nodeNames) ?? actionFault(rule.do);
    if (fault !== null) throw new AxonError('bad-request', `rules[${place}].${fault}`);
  }
}

function matchFault({ method, path, node }: Fault['match'], nodeNames: readonly string[]): string | null {
  if (node !== undefined && !nodeNames.includes(node)) {
    return `match.node: there is no node "${node}"; there are ${nodeNames.join(', ')}`;
  }
  if (method !== undefined && !methods.includes(method.toUpperCase())) {
    return `match.method: there is no method "${method}"; there are ${methods.join(', ')}`;
  }
  if (path === undefined) return null;
  if (!/^[/*]/.test(path)) return `match.path: "${path}" begins with no slash: write /${path}, or * for any path`;
  if (path.includes('?')) return `match.path: "${path}" has a query in it: parameters go into match.query`;
  return path.startsWith('/_sim') ? `match.path: "${path}" is never struck: faults are for the public API` : null;
}

/** A status may come with a body, and a delay before anything. */
function actionFault({ delay: _delay, reset, ...others }: Fault['do']): string | null {
  if (others.cut !== undefined && others.truncateAt !== undefined) {
    return 'do: cut and truncateAt both say where the body ends: leave out one of the two';
  }
  const [other] = Object.entries(others).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (reset !== true || other === undefined) return null;
  return `do: reset ends the connection without an answer, so that ${other} has no effect: leave out one of the two`;
}
