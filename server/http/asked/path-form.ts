import type { Behaviour } from '../../versions/behaviours.ts';

/**
 * A folder as a release names it (docs/backup-endpoints.md, section 1.4). A node's working directory is its data folder,
 * and what it is configured with is relative: `./events` becomes `<data folder>/./events`. `nodeFolder` and `folder` are
 * absolute, the one holds the other; `resolveLinks` gives the canonical path.
 */
export function formatFolder(
  nodeFolder: string,
  folder: string,
  form: Behaviour['closedPaths'],
  resolveLinks: (folder: string) => string,
): string {
  switch (form) {
    case 'plain':
      return folder;
    case 'unnormalised':
      return `${nodeFolder}/.${folder.slice(nodeFolder.length)}`;
    case 'canonical':
      return resolveLinks(folder);
  }
}
