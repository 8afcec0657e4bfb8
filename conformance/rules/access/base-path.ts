import type { RunRecord } from '../../journal/evidence.ts';
import { describeAnswer, nameRequest } from '../../journal/naming.ts';
import { missesBasePath, ownPathOf } from '../../journal/run-requests.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

/**
 * A server below a context path (`server.servlet.context-path`, or an ingress that routes by path) has nothing at the root.
 * A path with a slash before it, resolved against the base URL as a browser does it, replaces the path of that.
 *
 * What a run asks for in both places is a probe, and no mistake.
 */
export const basePath: Rule = {
  id: 'access/base-path',
  level: 'must',
  requirement: 'Put the whole base URL before each path, with the path that it has of its own.',
  source:
    'README, Judge your client in ten minutes: AXONSERVER_URL is the base URL of the node; docs/newer-versions.md, section 2: server.servlet.context-path may put a prefix before all paths',
  why: 'The client works wherever the server lies at the root of a host, and finds nothing on the day when the server is moved behind an ingress, as the guide to Kubernetes has it.',
  remedy:
    'Join texts (`${base}/v1/backup/…`), or give new URL() a relative path and a base that ends with a slash. new URL("/v1/…", base), urljoin and URI.resolve drop the path of the base.',
  timelines: {
    good: `AXONSERVER_URL=http://host/axonserver-1
00:00  POST /axonserver-1/v1/backup/createControlDbBackup  → 200
00:01  GET  /axonserver-1/v1/backup/log/filenames?context=default  → 200`,
    bad: `AXONSERVER_URL=http://host/axonserver-1
00:00  POST /v1/backup/createControlDbBackup  → 404: the request missed the base path
00:01  exit 1, night after night`,
  },
  check({ basePath: prefix, runs }) {
    if (prefix === '') return { verdict: 'inconclusive', reason: 'the server lies at the root of its URL' };
    const asked = runs.flatMap(({ requests }) => requests);
    const judgement = judge(
      asked.length,
      `requests to a server below ${prefix}`,
      runs.flatMap((run) => findingsOf(run, prefix)),
    );
    return judgement.verdict === 'fail' ? { ...judgement, isTheReason: true } : judgement;
  },
};

/** One for each run: who drops the path drops it everywhere. */
function findingsOf({ run, requests }: RunRecord, prefix: string): Finding[] {
  const found = new Set(requests.filter((each) => !missesBasePath(each)).map(({ path }) => path));
  const missed = requests.filter((each) => missesBasePath(each) && !found.has(ownPathOf(each)));
  const [first] = missed;
  if (first === undefined) return [];
  const others = missed.length === 1 ? '' : `, and so did ${missed.length - 1} more of the run's ${requests.length}`;
  return [
    {
      run,
      atMs: first.atMs,
      subject: nameRequest(first),
      expected: `${first.method} ${prefix}${ownPathOf(first)}: all of the server lies below ${prefix}`,
      actual: `the request missed the base path, and was answered with ${describeAnswer(first)}${others}`,
    },
  ];
}
