// Makes the six mistakes at once that a first client makes: events before the control database, the open segment as
// cursor, no log of _admin, log files that are there are not copied again, no snapshots, and errors taken for empty lists.
import * as fs from 'node:fs/promises';
import { backup } from '../../../dist/fixtures/clients/steps/backup.js';
import { linkFiles } from '../../../dist/fixtures/clients/steps/copying.js';
import { insteadOfError } from '../../../dist/fixtures/clients/steps/http.js';
import { listLog } from '../../../dist/fixtures/clients/steps/log.js';
import { controlDb, logs, segments } from '../../../dist/fixtures/clients/steps/parts.js';
import { isData, listSegments, segmentOf } from '../../../dist/fixtures/clients/steps/segments.js';

await backup({
  parts: [segments, controlDb, logs],
  nextCursor: ({ files }, cursor) =>
    files
      .filter(isData)
      .map(segmentOf)
      .reduce((highest, segment) => (segment > highest ? segment : highest), cursor),
  groupsOf: ({ groups }) => groups.filter((group) => group !== '_admin'),
  typesOf: () => ['EVENT'],
  prepareLog: async (folder, last) => {
    await fs.mkdir(folder, { recursive: true });
    if (last !== null) await linkFiles(last, folder);
  },
  copyLogFile: async (file, target) => {
    await fs.copyFile(file, target, fs.constants.COPYFILE_EXCL).catch(() => undefined);
  },
  listLog: (run, group) => insteadOfError(listLog(run, group), []),
  listSegments: (run, context, type, cursor) =>
    insteadOfError(listSegments(run, context, type, cursor), { files: [], lastClosedSegment: cursor }),
});
