import { AxonError } from '../../errors.ts';
import type { DataDir } from '../../stores/data-dir.ts';

/** Events of one context that are deleted. It is noted before any node begins with it, so that no kill loses it. */
export interface Transformation {
  readonly context: string;
  /** One higher than the transformation of the context before it. */
  readonly version: number;
  readonly firstToken: bigint;
  readonly lastToken: bigint;
}

/** A transformation as a data folder keeps it. */
export interface NotedTransformation extends Transformation {
  /** Whether a node has done its part: then its files show it, unless they were replaced by older ones. */
  readonly hasBegun: boolean;
}

/** All transformations so far, in order. Fails with `data-folder-unusable`. */
export function readTransformations(dataDir: DataDir): NotedTransformation[] {
  const file = fileIn(dataDir);
  if (!dataDir.exists(file)) return [];
  try {
    const noted = JSON.parse(dataDir.read(file).toString('utf8')) as ReadonlyArray<
      Record<keyof NotedTransformation, unknown>
    >;
    return noted.map(({ context, version, firstToken, lastToken, hasBegun }) => ({
      context: String(context),
      version: Number(version),
      firstToken: BigInt(String(firstToken)),
      lastToken: BigInt(String(lastToken)),
      hasBegun: hasBegun === true,
    }));
  } catch (error) {
    const message = `${file} is not what the simulator writes: remove it to start without it`;
    throw new AxonError('data-folder-unusable', message, { cause: error });
  }
}

/** In one piece. */
export function writeTransformations(dataDir: DataDir, all: readonly NotedTransformation[], nowMs: number): void {
  const asText = all.map((each) => ({
    ...each,
    firstToken: String(each.firstToken),
    lastToken: String(each.lastToken),
  }));
  dataDir.folder('simulator');
  dataDir.write(fileIn(dataDir), Buffer.from(`${JSON.stringify(asText)}\n`), nowMs);
}

export function removeTransformations(dataDir: DataDir): void {
  dataDir.remove(fileIn(dataDir));
}

function fileIn(dataDir: DataDir): string {
  return `${dataDir.root}/simulator/transformations.json`;
}
