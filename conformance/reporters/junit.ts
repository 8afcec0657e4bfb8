import type { Incomplete, Report, RuleResult, ScenarioResult } from '../verdict/report.ts';
import { doWarningsFail } from '../verdict/expected-failures.ts';
import { triage } from '../triage/triage.ts';
import { formatCauses } from './console-triage.ts';
import { formatFindings, formatLoss, type RuleLookup } from './evidence-text.ts';
import { lastWordsOf } from './last-words.ts';
import { messageLines, printable } from './printable.ts';
import {
  explainExit,
  formatIncomplete,
  isExpectedFailure,
  lastingFolder,
  staleEntries,
  unreachedHazards,
} from './report-facts.ts';
import { plainStyle } from './style.ts';
import { nameOf } from './scenario-name.ts';
import { element, formatXml, type XmlElement } from './xml.ts';

/** Lines of what is wrong, at the end. */
const MOST_LINES_OF_CAUSES = 60;

/** Findings that one case shows. */
const MOST_FINDINGS = 20;

interface Case {
  readonly name: string;
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped';
  readonly type: string;
  readonly message: string;
  /** Text of the outcome; of what passed, its output. */
  readonly body: string;
}

interface Suite {
  readonly name: string;
  readonly classname: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
  readonly timeMs: number;
  /** What no rule is about; of the check as a whole, what is wrong. */
  readonly output?: string;
  /** What the client said in runs that ended badly. */
  readonly errorOutput?: string;
}

/**
 * JUnit XML: a suite for each scenario (`4.2 log/cleaned` where there are several versions), a case for each rule. What JUnit has no word for:
 *
 * - `inconclusive` and `not-applicable` are skipped, and the message says which and why. They never look like a pass.
 * - `warn` has passed, with the warning as its output; where `--fail-on warn` made the check fail, it is a failure.
 * - A failure that the user expects is skipped, as other tools do with theirs; one that no longer fails is a failure.
 * - A scenario with a verdict that no rule of it explains (the kit's own fault, a hazard that was not reached) gets a
 *   case of its own, `scenario`. So no file is all green unless the exit code is 0.
 * - A rule has no time of its own: it gets an equal share of its scenario's, so that sums come out right.
 *
 * What is wrong, cause by cause, is the output of the last suite, and that of the others is what no rule is about; what the client said in runs that ended badly is that of
 * the suite of its scenario.
 *
 * GitLab shows the text of a failure and not its message, so the text begins with the message. Elements and attributes
 * are those of the schema of Jenkins' xUnit plugin (junit-10.xsd).
 */
export function formatJunit(report: Report, ruleOf: RuleLookup = () => undefined): string {
  const suites = [
    ...report.scenarios.map((scenario) => suiteOf(report, scenario, ruleOf)),
    ...(report.incomplete?.notPlayed ?? []).map((left) => suiteNotPlayed(report, left)),
  ];
  const own = suiteOfCheck(
    report,
    suites.flatMap(({ cases }) => cases),
    ruleOf,
  );
  return formatXml(formatSuites(own.cases.length === 0 && own.output === '' ? suites : [...suites, own]));
}

function suiteOf(report: Report, scenario: ScenarioResult, ruleOf: RuleLookup): Suite {
  const { id, serverVersion, title, repro, wallClock } = scenario;
  const folder = lastingFolder(scenario);
  return {
    name: nameOf(scenario, report),
    // What stands before the last full stop is a package to Jenkins: one for each server version keeps a matrix apart.
    classname: `${serverVersion}.${id}`,
    properties: {
      title,
      'kit-version': report.kit.version,
      'server-version': serverVersion,
      seed: String(report.seed),
      repro,
      ...(folder === null ? {} : { artefacts: folder }),
    },
    cases: [...casesOfScenario(scenario), ...scenario.rules.map((rule) => caseOf(report, scenario, rule, ruleOf))],
    timeMs: wallClock.totalMs,
    output: (scenario.notes ?? []).map((note) => `noted: ${printable(note)}`).join('\n'),
    errorOutput: lastWordsOf(scenario).join('\n'),
  };
}

/** A check that ended early: what it would have played is no pass. */
function suiteNotPlayed(report: Report, left: Incomplete['notPlayed'][number]): Suite {
  const message = `not played: ${formatIncomplete(report)}`;
  return {
    name: nameOf(left, report),
    classname: `${left.serverVersion}.${left.id}`,
    properties: {},
    cases: [skipped('scenario', 'not-played', message, message)],
    timeMs: 0,
  };
}

function caseOf(report: Report, scenario: ScenarioResult, rule: RuleResult, ruleOf: RuleLookup): Case {
  const { id, status } = rule;
  const message = printable(rule.message);
  const body = [message, ...detailsOf(scenario, rule, ruleOf)].join('\n');
  switch (status) {
    case 'pass':
      return { name: id, outcome: 'passed', type: id, message, body: '' };
    case 'warn':
      if (doWarningsFail(report)) return { name: id, outcome: 'failure', type: id, message, body };
      return { name: id, outcome: 'passed', type: id, message, body: `warning: ${body}` };
    case 'fail':
      if (!isExpectedFailure(report, scenario, rule)) return { name: id, outcome: 'failure', type: id, message, body };
      return skipped(id, 'expected-failure', `expected failure: ${message}`, body);
    case 'error':
      return { name: id, outcome: 'error', type: id, message, body };
    case 'inconclusive':
      return skipped(id, status, `inconclusive: ${message}`, body);
    case 'not-applicable':
      return skipped(id, status, `not applicable: ${message}`, message);
  }
}

function skipped(name: string, type: string, message: string, body: string): Case {
  return { name, outcome: 'skipped', type, message, body };
}

/** What the rules of a scenario do not say about it. */
function casesOfScenario(scenario: ScenarioResult): Case[] {
  const { status, rules } = scenario;
  const unreached = unreachedHazards(scenario);
  const cases = unreached.map((id) =>
    skipped(
      `hazard ${id}`,
      'inconclusive',
      'inconclusive: the situation was not reached',
      closingOf(scenario).join('\n'),
    ),
  );
  if (status === 'pass' || status === 'warn' || rules.some((rule) => rule.status === status)) return cases;
  if (status === 'inconclusive' && unreached.length > 0) return cases;
  const [message = '', ...more] = messageLines(scenario.message ?? 'no rule was judged');
  const body = [message, ...more, ...closingOf(scenario)].join('\n');
  switch (status) {
    case 'inconclusive':
      return [...cases, skipped('scenario', status, `inconclusive: ${message}`, body)];
    case 'not-applicable':
      return [...cases, skipped('scenario', status, `not applicable: ${message}`, body)];
    case 'fail':
      return [...cases, { name: 'scenario', outcome: 'failure', type: 'scenario', message, body }];
    case 'error':
      return [...cases, { name: 'scenario', outcome: 'error', type: 'kit-error', message, body }];
  }
}

/** What is about the check as a whole; no case where the scenarios say it all. */
function suiteOfCheck(report: Report, others: readonly Case[], ruleOf: RuleLookup): Suite {
  const cases: Case[] = staleEntries(report).map((entry) => {
    const message = `${printable(entry)} is expected to fail and no longer does: take it off the list`;
    return {
      name: `expected failure ${printable(entry)}`,
      outcome: 'failure',
      type: 'stale-expected-failure',
      message,
      body: message,
    };
  });
  if (report.exitCode !== 0 && [...others, ...cases].every(({ outcome }) => outcome === 'passed')) {
    const message = `exit ${report.exitCode}: ${explainExit(report)}`;
    const outcome = report.exitCode === 2 ? 'skipped' : 'failure';
    cases.push({ name: 'exit code', outcome, type: 'exit-code', message, body: message });
  }
  const causes = formatCauses(triage(report, ruleOf), report, {
    style: plainStyle,
    ruleOf,
    room: MOST_LINES_OF_CAUSES,
  });
  const output = causes.join('\n').trim();
  return { name: 'check', classname: `${report.serverVersion}.check`, properties: {}, cases, timeMs: 0, output };
}

function detailsOf(scenario: ScenarioResult, rule: RuleResult, ruleOf: RuleLookup): string[] {
  const remedy = rule.status === 'fail' || rule.status === 'warn' ? ruleOf(rule.id)?.remedy : undefined;
  return [
    ...(rule.evidence.length === 0 ? [] : ['', ...formatFindings(rule.evidence, MOST_FINDINGS)]),
    ...(remedy === undefined ? [] : ['', `what to do: ${printable(remedy)}`]),
    ...closingOf(scenario),
  ];
}

function closingOf(scenario: ScenarioResult): string[] {
  const { loss, repro } = scenario;
  const folder = lastingFolder(scenario);
  return [
    '',
    ...loss.map((lost) => `a restore loses ${formatLoss(lost)}`),
    ...(folder === null ? [] : [`kept in: ${printable(folder)}`]),
    `repeat with: ${printable(repro)}`,
  ];
}

function formatSuites(suites: readonly Suite[]): XmlElement {
  const all = suites.flatMap(({ cases }) => cases);
  const { tests, failures, errors } = countCases(all);
  const timeMs = suites.reduce((total, suite) => total + suite.timeMs, 0);
  const attributes = { name: 'axon-backup-kit', tests, failures, errors, time: formatSeconds(timeMs) };
  return element('testsuites', attributes, suites.map(formatSuite));
}

function formatSuite({ name, classname, properties, cases, timeMs, output = '', errorOutput = '' }: Suite): XmlElement {
  const entries = Object.entries(properties).map(([key, value]) =>
    element('property', { name: key, value: printable(value) }),
  );
  const time = formatSeconds(timeMs / cases.length);
  return element('testsuite', { name, ...countCases(cases), time: formatSeconds(timeMs) }, [
    ...(entries.length === 0 ? [] : [element('properties', {}, entries)]),
    ...cases.map((one) => element('testcase', { classname, name: one.name, time }, formatOutcome(one))),
    ...(output === '' ? [] : [element('system-out', {}, output)]),
    ...(errorOutput === '' ? [] : [element('system-err', {}, errorOutput)]),
  ]);
}

function formatOutcome({ outcome, type, message, body }: Case): XmlElement[] {
  if (outcome === 'passed') return body === '' ? [] : [element('system-out', {}, body)];
  return [element(outcome, { type, message }, body)];
}

function countCases(cases: readonly Case[]): Record<'tests' | 'failures' | 'errors' | 'skipped', number> {
  const by = (outcome: Case['outcome']): number => cases.filter((one) => one.outcome === outcome).length;
  return { tests: cases.length, failures: by('failure'), errors: by('error'), skipped: by('skipped') };
}

function formatSeconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
