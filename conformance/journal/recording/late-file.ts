import type { ListedFile } from '../evidence.ts';

/** A listed file of which the bytes are read when somebody asks for them. One that has gone by then has none. */
export class LateFile implements ListedFile {
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number | null;
  readonly modifiedAtMs: number | null;
  readonly isOpen: boolean;
  readonly #read: () => string;
  #checksum: string | null | undefined;

  constructor({ path, name, sizeBytes, modifiedAtMs, isOpen }: Omit<ListedFile, 'checksum'>, read: () => string) {
    this.path = path;
    this.name = name;
    this.sizeBytes = sizeBytes;
    this.modifiedAtMs = modifiedAtMs;
    this.isOpen = isOpen;
    this.#read = read;
  }

  get checksum(): string | null {
    this.#checksum ??= this.#readOrNothing();
    return this.#checksum;
  }

  #readOrNothing(): string | null {
    try {
      return this.#read();
    } catch {
      return null;
    }
  }
}
