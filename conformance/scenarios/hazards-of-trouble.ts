import type { Evidence, RequestRecord, RunRecord } from '../journal/evidence.ts';
import { endingOf } from '../journal/inference/run-ending.ts';
import { areBesideEachOther } from '../journal/inference/run-order.ts';
import { asksForControlDb, namesOneOutOfReach, segmentListingsOf } from '../journal/run-requests.ts';
import { hazard, type Hazard } from './scenario.ts';

/** Situations in which something fails: the server, the client, or what is between them. */
export const hazardsOfTrouble = {
  answerFails: (endpoint: string, fault: RegExp): Hazard =>
    hazard(`${endpoint}-${nameOf(fault)}`, `${endpoint} answers with trouble: ${nameOf(fault)}`, (evidence) =>
      evidence.runs.some((run) =>
        run.requests.some((request) => isAbout(request, endpoint) && fault.test(request.fault ?? '')),
      ),
    ),
  failsHalfWay: hazard('error-comes-half-way', 'an error comes when some of the backup is there', (evidence) =>
    evidence.runs.some(({ requests }) => {
      const listed = requests.find(({ answer }) => answer.kind === 'log')?.ordinal ?? Infinity;
      return requests.some(({ answer, ordinal }) => answer.kind === 'failure' && ordinal > listed);
    }),
  ),
  nodeDown: hazard('node-goes-down-during-the-run', 'the node stops answering in the middle of a run', (evidence) =>
    evidence.runs.some((run) => run.requests.some(({ status, fault }) => status === 0 && fault === null)),
  ),
  clientKilled: hazard('client-killed', 'the client dies in the middle of a run', (evidence) =>
    evidence.runs.some(({ wasKilled, wasAskedToEnd }) => wasKilled && wasAskedToEnd === undefined),
  ),
  clientAskedToEnd: hazard('client-asked-to-end', 'the client is asked to end in the middle of a run', (evidence) =>
    evidence.runs.some(({ wasAskedToEnd }) => wasAskedToEnd !== undefined),
  ),
  copyBreaksOff: {
    ...hazard('copy-breaks-off-in-a-file', 'the disk takes a part of a file and no more', ({ runs }) =>
      runs.some(brokeOffInFile),
    ),
    // A function in this process has no disk of its own, and who writes small files alone has room for each.
    isSpared: ({ runs }: Evidence) => {
      const limited = runs.filter(({ result }) => result.fileLimitBytes !== undefined);
      return (
        limited.length > 0 &&
        limited.every((run) => run.result.fileLimitBytes === null || endingOf(run) === 'claimed-good')
      );
    },
  },
  segmentOutOfReach: hazard(
    'listed-segment-out-of-reach',
    'a closed segment is listed and cannot be read',
    (evidence) =>
      evidence.runs.some((run) => segmentListingsOf(run).some((listing) => namesOneOutOfReach(run, listing))),
  ),
  overlappingRuns: hazard('two-runs-overlapping', 'a run begins and ends while another is at work', ({ runs }) =>
    runs.some((run) => runs.some((other) => areBesideEachOther(other, run))),
  ),
  tokenNeeded: hazard(
    'access-token-needed',
    'the cluster answers with a token alone',
    (evidence) => evidence.hasAccessControl,
  ),
  basePath: hazard(
    'paths-below-a-base-path',
    'the URL of the node has a path of its own',
    (evidence) => evidence.basePath !== '' && evidence.runs.some(({ requests }) => requests.length > 0),
  ),
  tokenWrong: hazard('access-token-wrong', 'the token is refused', (evidence) =>
    evidence.runs.some((run) => run.requests.some(({ status }) => status === 401 || status === 403)),
  ),
  tokenTooWeak: hazard('access-token-too-weak', 'the token is good, and not for the POST', (evidence) =>
    evidence.runs.some((run) => {
      const refused = run.requests.filter(({ status }) => status === 403);
      return refused.length > 0 && refused.every(asksForControlDb);
    }),
  ),
} as const;

/** Under a limit, which has ended the run, or has cut a file off that the run says is good. */
function brokeOffInFile(run: RunRecord): boolean {
  const { fileLimitBytes } = run.result;
  if (typeof fileLimitBytes !== 'number') return false;
  return (
    endingOf(run) !== 'claimed-good' ||
    run.after.files.some(({ path, sizeBytes }) => !path.includes('!') && sizeBytes === fileLimitBytes)
  );
}

function nameOf(fault: RegExp): string {
  return fault.source.replaceAll(/[^a-zA-Z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
}

function isAbout({ answer }: RequestRecord, endpoint: string): boolean {
  return answer.kind === endpoint || (answer.kind === 'failure' && answer.about === endpoint);
}
