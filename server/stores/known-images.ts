import { createHash } from 'node:crypto';
import type { ControlDbContent } from './control-db-content.ts';

/** A restore opens an image to see whose it is, and its node opens it again to start; a check restores the same one often. */
const MOST_KNOWN = 32;

/**
 * What is in the images that were opened last. An image was looked into and found whole once; the same bytes are no other
 * database the second time.
 */
export class KnownImages {
  readonly #contents = new Map<string, ControlDbContent>();

  /** What is in `image`; `read`, which may refuse it, where that is not known. The maps belong to the caller. */
  contentOf(image: Uint8Array, read: () => ControlDbContent): ControlDbContent {
    const checksum = createHash('sha256').update(image).digest('base64');
    const content = this.#contents.get(checksum) ?? read();
    this.#contents.delete(checksum);
    this.#contents.set(checksum, content);
    const [oldest] = this.#contents.keys();
    if (this.#contents.size > MOST_KNOWN && oldest !== undefined) this.#contents.delete(oldest);
    return copyOf(content);
  }
}

/** Of the maps: what is in them is replaced, and never changed. */
function copyOf(content: ControlDbContent): ControlDbContent {
  return {
    tables: content.tables,
    pointers: new Map(content.pointers),
    nodes: new Map(content.nodes),
    replicationGroups: new Map(content.replicationGroups),
    contexts: new Map(content.contexts),
    applications: new Map(content.applications),
    users: new Map(content.users),
    backupInfo: new Map(content.backupInfo),
  };
}
