import path from 'node:path';
import type { ClusterEvent } from '../../server/index.ts';

/**
 * Calls the files of a fake cluster by names that are the same in every run: `node-1/events/default/000….events`. The
 * folder that the nodes live in is another one each time; what follows it stays to the letter, spelling and all.
 */
export class ServerFiles {
  readonly #prefix: string;
  /** Folders of the client, by what it is told to call them; and the one that holds the nodes'. */
  readonly #others: ReadonlyArray<readonly [name: string, folder: string]>;

  /** `clusterDir` is the folder that holds one folder for each node; `told` has folders of the client by their names. */
  constructor(clusterDir: string, told: Readonly<Record<string, string>> = {}) {
    this.#prefix = path.resolve(clusterDir) + path.sep;
    this.#others = [...Object.entries(told), ['the data folders', path.resolve(clusterDir)]];
  }

  /** A path, or a message that has some in it; other paths stay as they are. */
  name(text: string): string {
    return text.replaceAll(this.#prefix, '');
  }

  /** The event, with names in place of the paths that it speaks of. */
  nameIn(event: ClusterEvent): ClusterEvent {
    if ('file' in event) return { ...event, file: this.name(event.file) };
    if ('location' in event) return this.#nameInPush(event);
    if ('message' in event) return { ...event, message: this.name(event.message) };
    return event;
  }

  /** A caller may name any folder of the host, in any spelling. */
  #nameInPush<Event extends ClusterEvent & { readonly location: string }>(event: Event): Event {
    const known = (text: string): string =>
      this.#others.reduce((named, [name, folder]) => named.replaceAll(folder, name), this.name(text));
    const message = 'message' in event ? { message: known(event.message) } : {};
    return { ...event, location: known(event.location), ...message };
  }
}
