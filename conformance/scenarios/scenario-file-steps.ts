import { AxonError, contextNameOf, parseLimitedDuration, type OptionFault } from '../../server/index.ts';
import type { Scenario, Step, Happening } from './scenario.ts';

/** What steps may speak of. */
interface Cast {
  readonly nodes: readonly string[];
  readonly contexts: readonly string[];
  /** Replication groups, `_admin` among them. */
  readonly groups: readonly string[];
}

/** The first thing in steps that no such cluster can do, or null: a node, context or group that there is not, no duration. */
export function findStepFault(steps: readonly Step[], cluster: Scenario['cluster']): OptionFault | null {
  const cast = castOf(cluster);
  for (const [place, step] of steps.entries()) {
    const fault = step.kind === 'run' ? findRunFault(step, cast) : findHappeningFault(step, cast);
    if (fault !== null) return { ...fault, path: ['steps', place, ...fault.path] };
  }
  const hasRun = steps.some(({ kind }) => kind === 'run');
  return hasRun ? null : { path: ['steps'], message: 'there is no step with kind: run, so that no client is judged' };
}

function castOf({ nodes = 3, contexts = ['default'], groups }: Scenario['cluster']): Cast {
  const names = typeof nodes === 'number' ? Array.from({ length: nodes }, (_, place) => `node-${place + 1}`) : nodes;
  if (groups === undefined) return { nodes: names, contexts, groups: ['_admin', ...contexts] };
  const owned = groups.flatMap((group) => (group.contexts ?? []).map(contextNameOf));
  return { nodes: names, contexts: owned, groups: ['_admin', ...groups.map(({ name }) => name)] };
}

const THIRD_RUN: OptionFault = { path: ['kind'], message: 'a run has one other beside it at most' };

function findRunFault({ node, surprises = [] }: Extract<Step, { kind: 'run' }>, cast: Cast): OptionFault | null {
  if (node !== undefined && !cast.nodes.includes(node)) return unknown('node', node, cast.nodes);
  let besides = 0;
  for (const [place, { happens }] of surprises.entries()) {
    for (const [number, happening] of happens.entries()) {
      if (happening.kind === 'run-beside') besides++;
      const fault = besides > 1 ? THIRD_RUN : findHappeningFault(happening, cast);
      if (fault !== null) return { ...fault, path: ['surprises', place, 'happens', number, ...fault.path] };
    }
  }
  return null;
}

function findHappeningFault(happening: Happening, cast: Cast): OptionFault | null {
  const { node, context, group } = happening as {
    readonly node?: string;
    readonly context?: string;
    readonly group?: string;
  };
  if (node !== undefined && !cast.nodes.includes(node)) return unknown('node', node, cast.nodes);
  if (context !== undefined && !cast.contexts.includes(context)) return unknown('context', context, cast.contexts);
  if (group !== undefined && !cast.groups.includes(group)) return unknown('group', group, [...new Set(cast.groups)]);
  switch (happening.kind) {
    case 'advance':
    case 'delay-replication':
      return findDurationFault('by', happening.by);
    case 'stall-apply':
      return findDurationFault('for', happening.for);
    case 'clean-log':
      return happening.olderThan === undefined ? null : findDurationFault('olderThan', happening.olderThan);
    case 'plan-faults':
      for (const [place, { do: action }] of happening.rules.entries()) {
        const fault = action.delay === undefined ? null : findDurationFault('delay', action.delay);
        if (fault !== null) return { ...fault, path: ['rules', place, 'do', ...fault.path] };
      }
      return null;
    case 'transform': {
      const isOrdered = happening.firstToken <= happening.lastToken;
      return isOrdered ? null : { path: ['lastToken'], message: 'it lies before firstToken' };
    }
    default:
      return null;
  }
}

function findDurationFault(name: string, text: string): OptionFault | null {
  try {
    parseLimitedDuration(text, `${name}:`);
    return null;
  } catch (error) {
    if (!(error instanceof AxonError)) throw error;
    return { path: [name], message: error.message };
  }
}

function unknown(what: 'node' | 'context' | 'group', name: string, known: readonly string[]): OptionFault {
  return { path: [what], message: `there is no ${what} "${name.slice(0, 60)}"; there are ${known.join(', ')}` };
}
