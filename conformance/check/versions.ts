import { AxonError, serverVersions, type ServerVersion } from '../../server/index.ts';

/** Whose behaviour the clusters of a check show; `all` for every version, one after the other. */
export type VersionChoice = ServerVersion | 'all';

/** The versions that are meant, in the order of the server's own list. */
export function chooseVersions(choice: VersionChoice): readonly ServerVersion[] {
  if (choice === 'all') return serverVersions;
  if (serverVersions.includes(choice)) return [choice];
  const known = [...serverVersions, 'all'].join(', ');
  throw new AxonError('bad-option', `there is no server version "${String(choice)}"; there are ${known}`);
}
