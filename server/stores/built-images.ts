import type { ControlDbContent } from './control-db-content.ts';

/** Of each of the two kinds. */
const MOST_KEPT = 8;

/** An image with all rows but the pointers. */
export interface ConfigurationImage {
  readonly bytes: Uint8Array;
  /** No two images have the same. */
  readonly id: number;
}

/**
 * The images that were built last: they are a function of their content, and the nodes of a cluster have the same content most of
 * the time. To compare it costs a hundredth of what SQLite takes for an image.
 */
export class BuiltImages {
  readonly #configurations = new Map<string, ConfigurationImage>();
  readonly #whole = new Map<string, Uint8Array>();
  #count = 0;

  /** The image of all that `content` has but its pointers and notes; `build` makes it where it is not kept. */
  configuration(content: ControlDbContent, build: () => Uint8Array): ConfigurationImage {
    const { tables, nodes, replicationGroups, contexts, applications, users } = content;
    const key = `${tables} ${keyOf([nodes, replicationGroups, contexts, applications, users])}`;
    return keptOr(this.#configurations, key, () => ({ bytes: build(), id: this.#count++ }));
  }

  /** The image of a configuration with these pointers in it, and with what backups have noted. */
  whole({ id }: ConfigurationImage, content: ControlDbContent, build: () => Uint8Array): Uint8Array {
    const { pointers, backupInfo } = content;
    return keptOr(this.#whole, `${id}${keyOf([pointers, backupInfo])}`, build);
  }
}

function keyOf(tables: ReadonlyArray<ReadonlyMap<string, unknown>>): string {
  return JSON.stringify(tables.map((rows) => [...rows]));
}

/** What is asked for again stays longer. */
function keptOr<Value>(kept: Map<string, Value>, key: string, build: () => Value): Value {
  const value = kept.get(key) ?? build();
  kept.delete(key);
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  return value;
}
