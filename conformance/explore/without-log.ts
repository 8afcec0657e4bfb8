import type { Fault } from '../../server/index.ts';
import { matchOf } from './asked-for.ts';
import type { Intent, StepIntent } from './intent.ts';

const { path: LOG_LISTING } = matchOf('log');

/** What is wanted, but for what is about logs: a server of the standard edition has none. */
export function withoutLog(intents: readonly StepIntent[]): StepIntent[] {
  return intents.flatMap((intent): StepIntent[] => {
    if (intent.kind !== 'run') return ofOthers([intent]);
    const surprises = intent.surprises.flatMap(({ at, happens }) => {
      const left = ofOthers(happens);
      return at.request === 'log' || left.length === 0 ? [] : [{ at, happens: left }];
    });
    const faults = intent.faults === null ? null : faultsOfOthers(intent.faults);
    return [{ ...intent, surprises, faults: faults?.length === 0 ? null : faults }];
  });
}

function ofOthers(intents: readonly Intent[]): Intent[] {
  return intents.flatMap((intent): Intent[] => {
    if (intent.kind === 'clean-log') return [];
    if (intent.kind !== 'faults') return [intent];
    const rules = faultsOfOthers(intent.rules);
    return rules.length === 0 ? [] : [{ ...intent, rules }];
  });
}

function faultsOfOthers(rules: readonly Fault[]): Fault[] {
  return rules.filter(({ match }) => match.path !== LOG_LISTING);
}
