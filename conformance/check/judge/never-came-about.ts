import type { Evidence, MissedMoment } from '../../journal/evidence.ts';
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
  const plansFaults = steps.flatMap(actionsOf).includes('plan-faults');
  const isStruck = runs.some(({ requests }) => requests.some(({ fault }) => fault !== null));
  return [
    ...missed,
    ...(plansFaults && !isStruck ? ['no fault that was planned has changed what the client was answered'] : []),
  ];
}

function describeMoment({ at: { method, path, query, nth = 1, when }, matched }: MissedMoment): string {
  const parameters = Object.entries(query ?? {}).map(([name, value]) => `${name}=${value}`);
  const asked = `${method === undefined ? '' : `${method} `}${path}${parameters.length === 0 ? '' : `?${parameters.join('&')}`}`;
  const which = nth === 1 ? asked : `${asked}, number ${nth}`;
  const some = when === 'arrives' ? 'such request' : 'answer with 200';
  const there = [`there was no ${some}`, `there was one ${some}`][matched] ?? `there were ${matched} of these`;
  return `${which} has not: ${there}`;
}

function actionsOf(step: Scenario['steps'][number]): string[] {
  const { surprises = [] } = step.kind === 'run' ? step : {};
  return [step.kind, ...surprises.flatMap(({ happens }) => happens.map(({ kind }) => kind))];
}
