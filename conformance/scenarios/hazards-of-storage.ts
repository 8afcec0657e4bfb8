import type { Evidence, RequestRecord } from '../journal/evidence.ts';
import { compactedUnder } from '../journal/inference/compacted-under.ts';
import { hazard } from './scenario.ts';

/** Situations of how a node keeps its stores; part of the list in hazards.ts. */
export const hazardsOfStorage = {
  twoIndexFormats: hazard(
    'index-formats-differ',
    'the closed segments of one context have other index files than those of another',
    (evidence) => {
      const names = storesListedIn(evidence).flatMap(({ files }) => files.map(({ name }) => name));
      return names.some((name) => name.endsWith('.nindex')) && names.some((name) => name.endsWith('.bloom'));
    },
  ),
  segmentsCompacted: hazard(
    'listed-segments-compacted',
    'versions of segments are deleted in the midst of a run that has been told of that store',
    (evidence) => evidence.runs.some((run) => compactedUnder(evidence, run).length > 0),
  ),
  twoStorageRoots: hazard(
    'snapshots-apart-from-events',
    'events and snapshots of a context are listed in folders of different roots',
    (evidence) => {
      const listed = storesListedIn(evidence).flatMap(({ context, type, files }) =>
        files.slice(0, 1).map(({ path }) => ({ context, type, folder: path.slice(0, path.lastIndexOf('/')) })),
      );
      return listed.some((one) =>
        listed.some(({ context, type, folder }) => {
          return context === one.context && type !== one.type && folder !== one.folder;
        }),
      );
    },
  ),
  nameInAnother: hazard(
    'name-part-of-another',
    'the name of a context is the beginning of another one, and the end of a third',
    ({ contexts }) =>
      contexts.some((name) => {
        const others = contexts.filter((other) => other !== name);
        return others.some((other) => other.startsWith(name)) && others.some((other) => other.endsWith(name));
      }),
  ),
  tmpdirElsewhere: hazard(
    'temporary-files-elsewhere',
    'temporary files lie on another file system than the backup, so that no rename leads there',
    ({ isTmpdirElsewhere, runs }) => isTmpdirElsewhere && runs.some(({ requests }) => requests.length > 0),
  ),
  snapshotsNamedAsEvents: hazard(
    'snapshots-named-as-events',
    'segments of snapshots are listed with the suffixes of events',
    (evidence) => storesListedIn(evidence).some(({ isNamedAsEvents }) => isNamedAsEvents === true),
  ),
  closedAndNotCounted: {
    ...hazard(
      'closed-above-last-closed',
      'a segment is listed with its index, and above the last closed segment of the same answer',
      ({ runs }) =>
        runs.some(({ requests }) =>
          requests.some(({ answer }) => answer.kind === 'segments' && answer.countedSegment !== undefined),
        ),
    ),
    waivedBy: 'no-open-segment',
    isSpared: asksForNoEventStore,
  },
  dcbContext: hazard(
    'context-with-dynamic-consistency-boundary',
    'a context has a dynamic consistency boundary, and the server writes its backup itself',
    ({ runs }) => runs.some(({ dcbContexts = [] }) => dcbContexts.length > 0),
  ),
  pushBreaksOff: hazard(
    'server-breaks-off-its-backup',
    'the server breaks off a backup of a context that it was writing',
    ({ events }) => events.some(({ kind }) => kind === 'dcb-backup-failed'),
  ),
  pushStateRefused: hazard(
    'state-of-server-backup-refused',
    'the server answers with an error where it is asked how far its backup of a context is',
    ({ runs }) =>
      runs.some(({ requests }) =>
        requests.some(({ method, path, status }) => method === 'GET' && path.startsWith('/v2/backup') && status >= 500),
      ),
  ),
  becomesDcb: hazard(
    'context-becomes-dcb-between-runs',
    'a plain context has a dynamic consistency boundary in the next run',
    ({ runs }) =>
      runs.some(({ dcbContexts = [] }, place) =>
        dcbContexts.some((context) => place > 0 && runs[place - 1]?.dcbContexts?.includes(context) !== true),
      ),
  ),
} as const;

/** A client that lists segments by the older endpoint alone, which tells nothing of the last closed one. */
export function asksForNoEventStore({ runs }: Evidence): boolean {
  return runs.every(({ requests }) => requests.every(({ path }) => path !== '/v1/backup/eventstore'));
}

type StoreListing = Extract<RequestRecord['answer'], { kind: 'segments' }>;

function storesListedIn({ runs }: Evidence): StoreListing[] {
  const answers = runs.flatMap(({ requests }) => requests.map(({ answer }) => answer));
  return answers.filter((answer): answer is StoreListing => answer.kind === 'segments');
}
