import path from 'node:path';
import type { ClusterEvent } from '../../server/index.ts';

/**
 * Calls the files of a fake cluster by names that are the same in every run: `node-1/events/default/000….events`. The
 * folder that the nodes live in is another one each time; what follows it stays to the letter, spelling and all.
 */
export class ServerFiles {
  readonly #prefix: string;

  /** `clusterDir` is the folder that holds one folder for each node. */
  constructor(clusterDir: string) {
    this.#prefix = path.resolve(clusterDir) + path.sep;
  }

  /** A path, or a message that has some in it; other paths stay as they are. */
  name(text: string): string {
    return text.replaceAll(this.#prefix, '');
  }

  /** The event, with names in place of the paths that it speaks of. */
  nameIn(event: ClusterEvent): ClusterEvent {
    if ('file' in event) return { ...event, file: this.name(event.file) };
    if ('message' in event) return { ...event, message: this.name(event.message) };
    return event;
  }
}
