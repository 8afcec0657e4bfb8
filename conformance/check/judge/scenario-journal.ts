import {
  UNLISTED_SEGMENT,
  type Answer,
  type Evidence,
  type RequestRecord,
  type RunRecord,
} from '../../journal/evidence.ts';
import { redactionOf } from '../../journal/recording/redaction.ts';
import type { RuleResult, ScenarioResult } from '../../verdict/report.ts';
import type { ReportedRequest, ScenarioJournal } from '../../verdict/scenario-journal.ts';
import { timelineOf } from './timeline-of.ts';

/** What is shown of a scenario's evidence, beside what its rules say of it. Pure. */
export function journalOf(
  { id, serverVersion }: Pick<ScenarioResult, 'id' | 'serverVersion'>,
  evidence: Evidence,
  rules: readonly RuleResult[],
): ScenarioJournal {
  const redact = redactionOf(evidence);
  const requests = evidence.runs.flatMap((run: RunRecord) => run.requests).toSorted((a, b) => a.ordinal - b.ordinal);
  return {
    scenario: id,
    serverVersion,
    timeline: timelineOf(evidence, rules),
    requests: requests.map((request) => describeRequest(request, redact)),
  };
}

function describeRequest(request: RequestRecord, redact: (text: string) => string): ReportedRequest {
  const { run, ordinal, atMs, node, method, path, query, status, fault, answer } = request;
  const parameters = Object.entries(query).map(([name, value]) => [redact(name), redact(textOf(value))] as const);
  return {
    run,
    ordinal,
    atMs,
    node,
    method,
    path: redact(path),
    query: Object.fromEntries(parameters),
    status,
    fault,
    answer: redact(describeAnswer(answer)),
  };
}

/** A parameter that was sent more than once is a list of values. */
function textOf(value: unknown): string {
  return Array.isArray(value) ? value.map(String).join(', ') : String(value);
}

function describeAnswer(answer: Answer): string {
  switch (answer.kind) {
    case 'control-db-backup':
      return answer.file.name;
    case 'segments': {
      const { files, openSegment, type } = answer;
      const other = openSegment === null ? 'no such context there' : 'the open one not listed';
      const open = openSegment === null || openSegment === UNLISTED_SEGMENT ? other : `segment ${openSegment} open`;
      return `${countFiles(files.length)} of ${type}, ${open}`;
    }
    case 'log':
      return countFiles(answer.files.length);
    case 'failure':
      return 'no answer to go by';
    case 'other':
      return '';
  }
}

function countFiles(files: number): string {
  return files === 1 ? '1 file' : `${files} files`;
}
