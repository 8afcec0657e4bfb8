import { copiedZipsOf } from '../../journal/in-backup/control-db-in-backup.ts';
import type { Evidence, ListedFile, RunRecord } from '../../journal/evidence.ts';
import { nameRequest } from '../../journal/naming.ts';
import { describeEnding, endingOf } from '../../journal/inference/run-ending.ts';
import { controlDbBackupsOf, lastLogListingsOf, segmentListingsOf } from '../../journal/run-requests.ts';
import { excuseOf } from '../../journal/inference/trouble.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

/**
 * A server in a container names its files as it sees them itself. A job beside it has the same volumes mounted elsewhere,
 * each at a place of its own, and is told where (`AXONSERVER_PATH_MAP`).
 *
 * What lies in no mount cannot be copied, and a run that is told of such a file has to fail, with a word about it. Where
 * everything is mounted, a run that ends with 0 has something of each place; and that no run comes to a good end, with nothing
 * to excuse it, is put down to the names: all that is special here. Which files are missing the rules of logs, segments and
 * the control database say.
 */
export const pathsMapped: Rule = {
  id: 'listing/paths-mapped',
  level: 'must',
  requirement: "Look for each listed file where the server's folder is mounted, and fail where it is mounted nowhere.",
  source:
    'docs/prove-a-sidecar.md, Where the files lie: AXONSERVER_PATH_MAP; docs/newer-versions.md, section 6: images name their files by /axonserver, unnormalised too, and the zip lies beside all volumes',
  why: 'The mapping is ignored, half of a path is replaced, or nobody notices that there is nothing at the mapped place: the job copies what it finds, and that is not the backup.',
  remedy:
    "Normalise the name (/./ and //), take the longest of the server's folders that it begins with, as whole parts of a path and at its beginning alone, and put the place of the mount there. Where none fits, or nothing is at that place, end with a non-zero exit code and say which file it was. The zip wants a mount of its own: set controldb-backup-location to a volume.",
  timelines: {
    good: `00:00  POST createControlDbBackup  → /axonserver/./controldb1704153600000.zip
00:01  /axonserver is mounted at /mnt/zips: copy /mnt/zips/controldb1704153600000.zip
00:02  /axonserver/events/default/… is copied from /mnt/events/default/…`,
    bad: `00:00  POST createControlDbBackup  → /axonserver/./controldb1704153600000.zip
00:01  no such file: a warning
00:02  /axonserver/events/default/… is copied from /mnt/events/default/…
00:03  exit 0, without a control database`,
  },
  consequenceOf: ['control-db/requested', 'fault/error-is-failure', 'access/*'],
  needsCluster: 'a real server is watched where its files lie, and the map of the job is its own',
  check(evidence) {
    if (evidence.isPathMapped !== true)
      return {
        verdict: 'inconclusive',
        reason: "the server's names are good as they stand: --server-root was not given",
      };
    const judged = evidence.runs.filter((run) => isTold(run) && hasEndedItself(run));
    const isHopeless = judged.every((run) => endingOf(run) !== 'claimed-good');
    return judge(
      judged.length,
      "runs that were told of files by the server's own names",
      judged.flatMap((run) => findingsOf(evidence, run, isHopeless)),
    );
  },
};

function hasEndedItself(run: RunRecord): boolean {
  return ['claimed-good', 'failed'].includes(endingOf(run));
}

function isTold(run: RunRecord): boolean {
  return answeredWith(run).some(({ files }) => files.length > 0);
}

interface Told {
  readonly subject: string;
  readonly atMs: number;
  readonly files: readonly ListedFile[];
}

/** Of each place the last that a run was told of it: the zip, the log of each group, each store. */
function answeredWith(run: RunRecord): readonly Told[] {
  const zip = controlDbBackupsOf(run).at(-1);
  const stores = new Map(
    segmentListingsOf(run).map((listing) => [`${listing.answer.context}/${listing.answer.type}`, listing]),
  );
  return [
    ...(zip === undefined ? [] : [{ subject: nameRequest(zip), atMs: zip.atMs, files: [zip.answer.file] }]),
    ...[...lastLogListingsOf(run).values(), ...stores.values()].map((listing) => ({
      subject: nameRequest(listing),
      atMs: listing.atMs,
      files: listing.answer.files,
    })),
  ];
}

function findingsOf(evidence: Evidence, run: RunRecord, isHopeless: boolean): Finding[] {
  const outside = answeredWith(run).flatMap(({ subject, atMs, files }) =>
    files.filter((file) => file.outsideMounts === true).map((file) => ({ subject, atMs, file })),
  );
  const [first] = outside;
  if (first !== undefined) {
    const expected = `a run that fails and says so: ${first.file.path} is in no folder of AXONSERVER_PATH_MAP`;
    const finding = { run: run.run, atMs: first.atMs, subject: first.subject, expected };
    if (endingOf(run) === 'claimed-good') return [{ ...finding, actual: 'the run ended with 0' }];
    const { stdout, stderr } = run.result;
    return `${stdout}${stderr}`.trim() === '' ? [{ ...finding, actual: 'it failed without a word' }] : [];
  }
  if (endingOf(run) === 'claimed-good') return findUncopied(run);
  if (!isHopeless || excuseOf(evidence, run) !== null) return [];
  return [
    {
      run: run.run,
      atMs: run.endMs,
      subject: `the end of run ${run.run}`,
      expected: 'exit 0: every listed file lies where AXONSERVER_PATH_MAP says',
      actual: `it ${describeEnding(run)}, and no run of this scenario came to a backup`,
    },
  ];
}

/** Places of which a backup has nothing at all. */
function findUncopied(run: RunRecord): Finding[] {
  const copied = new Set(run.after.files.map(({ name }) => name));
  const isZip = ({ files }: Told): boolean => files.some(({ name }) => name.endsWith('.zip'));
  return answeredWith(run).flatMap((told) => {
    const data = told.files.filter(
      ({ name, checksum }) => checksum !== null && /\.(?:events|snapshots|log|zip)$/.test(name),
    );
    const isThere = isZip(told) ? copiedZipsOf(run).length > 0 : data.some(({ name }) => copied.has(name));
    if (data.length === 0 || isThere || data.every(({ isOpen }) => isOpen)) return [];
    return [
      {
        run: run.run,
        atMs: told.atMs,
        subject: told.subject,
        expected: `${data[0]?.path} in the backup: it lies where AXONSERVER_PATH_MAP says`,
        actual: 'the run ended with 0, and the backup has none of the files that this answer names',
      },
    ];
  });
}
