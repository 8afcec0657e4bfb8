import { isFaultFor, type Fault } from '../../../server/index.ts';
import type { Evidence, MissedMoment } from '../../journal/evidence.ts';
import { asWritten } from '../../scenarios/as-played.ts';
import type { Scenario } from '../../scenarios/scenario.ts';

/**
 * What a scenario meant to happen and the client never came to, in sentences. One that names hazards says by these whether it has
 * proved anything; of one that names none nothing else would tell. Pure.
 */
export function describeWhatNeverCame({ hazards, steps }: Scenario, { runs }: Evidence): string[] {
  if (hazards.length > 0) return [];
  const missed = runs.flatMap(({ run, wasKilled, missed: moments = [] }) =>
    // Of one that is dead nobody expects more.
    wasKilled ? [] : moments.map((moment) => `what was to happen in run ${run} at ${describeMoment(moment)}`),
  );
  const requests = runs.flatMap((run) => run.requests);
  const planned = steps.flatMap(faultsPlannedIn);
  const inVain = planned.flatMap(({ match }) => {
    const matched = requests.filter((request) => isFaultFor(match, request)).length;
    return matched < (match.nth ?? 1) ? [`a fault was planned for ${nameAsked(match)}: ${countOf(matched)}`] : [];
  });
  const isStruck = planned.length === 0 || requests.some(({ fault }) => fault !== null);
  const unstruck = isStruck ? [] : ['no fault that was planned has changed what the client was answered'];
  return [...missed, ...new Set(inVain), ...(inVain.length > 0 ? [] : unstruck)];
}

function describeMoment({ at: { when, ...asked }, matched }: MissedMoment): string {
  return `${nameAsked(asked)} has not: ${countOf(matched, when === 'arrives' ? 'such request' : 'answer with 200')}`;
}

/** Which requests are meant: `GET /v1/backup/*?type=EVENT on node-2, number 3`. */
function nameAsked({ method, path = '*', query = {}, node, nth = 1 }: Fault['match']): string {
  const parameters = Object.entries(query).map(([name, value]) => `${name}=${value}`);
  return [
    method === undefined ? '' : `${method} `,
    asWritten(path),
    parameters.length === 0 ? '' : `?${parameters.join('&')}`,
    node === undefined ? '' : ` on ${node}`,
    nth === 1 ? '' : `, number ${nth}`,
  ].join('');
}

function countOf(matched: number, what = 'such request'): string {
  return [`there was no ${what}`, `there was one ${what}`][matched] ?? `there were ${matched} of these`;
}

function faultsPlannedIn(step: Scenario['steps'][number]): readonly Fault[] {
  const happenings = step.kind === 'run' ? (step.surprises ?? []).flatMap(({ happens }) => happens) : [step];
  return happenings.flatMap((each) => (each.kind === 'plan-faults' ? each.rules : []));
}
