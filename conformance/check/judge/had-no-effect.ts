import type { Evidence } from '../../journal/evidence.ts';
import type { Happening, Scenario, Step } from '../../scenarios/scenario.ts';

/**
 * What a scenario did and what changed nothing, in sentences: a log of which nothing was old enough to be cleaned, a segment
 * to be hidden where none had closed. As with what never came about, one that names hazards says by these what it has proved.
 * What was to happen at a moment that never came is not told again. Pure.
 */
export function describeWhatHadNoEffect({ hazards, steps }: Scenario, evidence: Evidence): string[] {
  if (hazards.length > 0) return [];
  const never = new Set(evidence.runs.flatMap(({ missed = [] }) => missed.map(({ at }) => JSON.stringify(at))));
  const done = steps.flatMap((step) => happeningsOf(step, (at) => !never.has(JSON.stringify(at))));
  return [...new Set(done.flatMap((each) => describeVain(each, evidence) ?? []))];
}

type Moment = NonNullable<Extract<Step, { kind: 'run' }>['surprises']>[number]['at'];

function happeningsOf(step: Step, hasCome: (at: Moment) => boolean): readonly Happening[] {
  if (step.kind !== 'run') return [step];
  return (step.surprises ?? []).filter(({ at }) => hasCome(at)).flatMap(({ happens }) => happens);
}

function describeVain(happening: Happening, { events, runs }: Evidence): string | null {
  switch (happening.kind) {
    case 'clean-log': {
      const { node, group, olderThan } = happening;
      const isCleaned = events.some(
        (event) => event.kind === 'log-cleaned' && event.node === node && event.group === group,
      );
      const age = olderThan === undefined ? 'closed' : `closed for ${olderThan}`;
      return isCleaned ? null : `the log of ${group} on ${node} was to be cleaned, and had no segment ${age} to spare`;
    }
    case 'hide-segment': {
      const { node, context = 'default', type = 'EVENT' } = happening;
      const isOut = runs.some(({ outOfReach }) =>
        outOfReach.some((file) => file.node === node && file.context === context),
      );
      return isOut ? null : `a segment of ${context} (${type}) on ${node} was to be out of reach, and in no run it was`;
    }
    case 'compact': {
      const { context = 'default' } = happening;
      const isCompacted = events.some(
        (event) => event.kind === 'segment-versions-compacted' && event.context === context,
      );
      return isCompacted ? null : `${context} was to be compacted, and had no version of a segment that is not current`;
    }
    default:
      return null;
  }
}
