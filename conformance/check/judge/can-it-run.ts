import { AxonError } from '../../../server/index.ts';
import type { RunRecord } from '../../journal/evidence.ts';
import { describeDenied } from '../../journal/inference/trouble.ts';
import { describeEnding } from '../../journal/inference/run-ending.ts';

/** What a shell, and `env`, end with where they cannot execute, or do not find, what they were told to run. */
const NOT_STARTED: ReadonlySet<number | null> = new Set([126, 127]);
/** So many runs without any request are no chance any more. */
const ENOUGH = 2;
/** Of what the client said, so many characters of the last lines. */
const MOST_SAID = 400;

/**
 * Tells a client that cannot run from one that does badly: while no run has made a request, one that ends with 126 or 127,
 * or the second that fails, ends the check with `bad-option` and the client's own words. Once any run has made a request,
 * it is silent for good.
 */
export function requireClientThatRuns(): (run: RunRecord) => void {
  let hasAsked = false;
  let failures = 0;
  return (run) => {
    if (run.requests.length > 0) hasAsked = true;
    const { exitCode } = run.result;
    if (hasAsked || run.wasKilled || exitCode === 0) return;
    failures++;
    if (run.deniedFolder !== undefined) throw new AxonError('bad-option', describeDenied(run));
    if (NOT_STARTED.has(exitCode)) throw refusal(`the client cannot be started: it ${describeEnding(run)}`, run);
    if (failures < ENOUGH) return;
    throw refusal(`the client cannot run: it made no request and ${describeEnding(run)}, twice`, run);
  };
}

function refusal(what: string, { stderrTail = [] }: RunRecord): AxonError {
  const said = reasonIn(stderrTail);
  return new AxonError('bad-option', said === '' ? `${what}, and said nothing on stderr` : `${what}: ${said}`);
}

/**
 * What an error is told by: `Error: …`, `[cause]: Error: …`, `java.io.IOException: …`, `FileNotFoundError: …`; and `[Error: …] {`,
 * as Node writes one that has no stack.
 */
const telling = /^\s*(?:\[cause\]: |Caused by: |\[)?[\w.$]*(?:Error|Exception)(?: \[[^\]]*\])?:/;
/** Where nothing looks like that, the end tells most. */
const MOST_LINES = 3;

/** The reason on one line: what says which error it is, or else the last that was said. */
function reasonIn(lines: readonly string[]): string {
  const errors = lines.filter((line) => telling.test(line));
  const said = (errors.length > 0 ? errors : lines)
    .slice(-MOST_LINES)
    .map((line) => line.trim().replace(/^\[(?<error>[^\]]*\w: .*)\](?: \{)?$/, '$<error>'))
    .join('; ');
  return said.length <= MOST_SAID ? said : `${said.slice(0, MOST_SAID)}…`;
}
