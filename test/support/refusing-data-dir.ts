import { AxonError } from '../../server/errors.ts';
import { DataDir } from '../../server/stores/data-dir.ts';

type Operation = 'write' | 'writeAt' | 'createPreallocated' | 'openForWriting' | 'zeroFrom' | 'setModified';

/** A data folder on a disk that refuses what the test says, and that knows which of its files are open. */
export class RefusingDataDir extends DataDir {
  readonly openFiles = new Set<number>();
  /** What was written at a place of an open file, in order. */
  readonly written: Array<{ readonly position: number; readonly bytes: Buffer }> = [];
  readonly #refusals = new Map<Operation, number>();

  /** The nth such call from now on fails, once; the disk does nothing. */
  refuse(operation: Operation, nth = 1): void {
    this.#refusals.set(operation, nth);
  }

  override write(file: string, bytes: Uint8Array, modifiedAtMs: number): void {
    this.#mayRefuse('write');
    super.write(file, bytes, modifiedAtMs);
  }

  override createPreallocated(file: string, sizeBytes: number, header: Uint8Array, modifiedAtMs: number): number {
    this.#mayRefuse('createPreallocated');
    const fd = super.createPreallocated(file, sizeBytes, header, modifiedAtMs);
    this.openFiles.add(fd);
    return fd;
  }

  override openForWriting(file: string): number {
    this.#mayRefuse('openForWriting');
    const fd = super.openForWriting(file);
    this.openFiles.add(fd);
    return fd;
  }

  override writeAt(fd: number, bytes: Uint8Array, position: number): void {
    this.#mayRefuse('writeAt');
    this.written.push({ position, bytes: Buffer.from(bytes) });
    super.writeAt(fd, bytes, position);
  }

  override zeroFrom(fd: number, position: number): void {
    this.#mayRefuse('zeroFrom');
    super.zeroFrom(fd, position);
  }

  override setModified(fd: number, modifiedAtMs: number): void {
    this.#mayRefuse('setModified');
    super.setModified(fd, modifiedAtMs);
  }

  override close(fd: number): void {
    this.openFiles.delete(fd);
    super.close(fd);
  }

  #mayRefuse(operation: Operation): void {
    const left = this.#refusals.get(operation);
    if (left === undefined) return;
    if (left > 1) {
      this.#refusals.set(operation, left - 1);
      return;
    }
    this.#refusals.delete(operation);
    throw new AxonError('data-file-write', `The disk refuses ${operation}`);
  }
}
