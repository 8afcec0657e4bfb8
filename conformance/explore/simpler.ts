import type { Draft } from './schedule.ts';
import type { Intent, RunIntent, StepIntent } from './intent.ts';
import { simplestSetting, type DrawnSetting } from './drawn-setting.ts';

/**
 * Drafts that are a little simpler than this one, the boldest first: without half of its steps, a quarter, one; on a simpler
 * cluster; with simpler steps. Each lacks something that the draft has, so that whoever goes on from one to the next comes to
 * an end.
 */
export function* simplerThan(draft: Draft): Generator<Draft> {
  yield* withoutSteps(draft);
  if (draft.oddities.length > 0) yield { ...draft, oddities: [] };
  for (const setting of simplerSettings(draft.setting)) yield { ...draft, setting };
  if (draft.hasCalmEnd) yield { ...draft, hasCalmEnd: false };
  for (const [place, intent] of draft.intents.entries()) {
    const simpler = intent.kind === 'run' ? simplerRuns(intent) : simplerIntents(intent);
    for (const each of simpler) yield { ...draft, intents: draft.intents.with(place, each) };
  }
}

function* withoutSteps(draft: Draft): Generator<Draft> {
  const { intents } = draft;
  for (let size = intents.length; size >= 1; size = Math.floor(size / 2)) {
    // From the end: what comes after the failure goes at once.
    for (let to = intents.length; to > 0; to -= size) {
      yield { ...draft, intents: intents.toSpliced(Math.max(0, to - size), Math.min(size, to)) };
    }
  }
}

function* simplerSettings(setting: DrawnSetting): Generator<DrawnSetting> {
  const different = Object.entries(simplestSetting).filter(
    ([name, value]) => String(setting[name as keyof DrawnSetting]) !== String(value),
  );
  if (different.length > 1) yield { ...setting, ...simplestSetting };
  for (const [name, value] of different) yield { ...setting, [name]: value };
  const { runsBefore } = setting;
  for (const fewer of new Set([Math.floor(runsBefore / 2), runsBefore - 1])) {
    if (fewer > 0) yield { ...setting, runsBefore: fewer };
  }
}

function* simplerRuns(run: RunIntent): Generator<StepIntent> {
  if (run.surprises.length > 0) yield { ...run, surprises: [] };
  if (run.faults !== null) yield { ...run, faults: null };
  if (run.faults !== null && run.isOfAskedNodeAlone) yield { ...run, isOfAskedNodeAlone: false };
  if (run.isDiskFull) yield { ...run, isDiskFull: false };
  if (run.isZipUnmounted) yield { ...run, isZipUnmounted: false };
  if (run.token > 0) yield { ...run, token: 0 };
  if (run.node > 0) yield { ...run, node: 0 };
  for (const [place, surprise] of run.surprises.entries()) {
    if (run.surprises.length > 1) yield { ...run, surprises: run.surprises.toSpliced(place, 1) };
    const { happens } = surprise;
    for (let each = 0; happens.length > 1 && each < happens.length; each++) {
      yield { ...run, surprises: run.surprises.with(place, { ...surprise, happens: happens.toSpliced(each, 1) }) };
    }
    for (const [each, happening] of happens.entries()) {
      for (const simpler of simplerIntents(happening)) {
        yield { ...run, surprises: run.surprises.with(place, { ...surprise, happens: happens.with(each, simpler) }) };
      }
    }
  }
}

function* simplerIntents(intent: Intent): Generator<Intent> {
  switch (intent.kind) {
    case 'append':
      if (intent.context > 0) yield { ...intent, context: 0 };
      if (intent.eventsPerTransaction > 1) yield { ...intent, eventsPerTransaction: 1 };
      if (intent.transactions > 1) yield { ...intent, transactions: intent.transactions > 30 ? 30 : 1 };
      return;
    case 'faults':
      // A type of segments has a rule for each of its spellings.
      for (const half of [intent.rules.length / 2, intent.rules.length / 4].map(Math.ceil)) {
        if (half < intent.rules.length) yield { ...intent, rules: intent.rules.slice(0, half) };
      }
      return;
    case 'kill-client':
      if (intent.isAsked) yield { ...intent, isAsked: false };
      return;
    case 'hide-segment':
      if (intent.context > 0) yield { ...intent, context: 0 };
      if (intent.isSnapshot) yield { ...intent, isSnapshot: false };
      return;
    case 'roll':
    case 'compact':
      if (intent.context > 0) yield { ...intent, context: 0 };
      return;
    default:
  }
}
