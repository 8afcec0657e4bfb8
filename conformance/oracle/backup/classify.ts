import { LOG_INDEX_SUFFIX } from '../../../server/formats/segment-name.ts';
import type { ControlDbGroup } from '../../../server/index.ts';
import type { BackupFileKind } from '../../journal/inventory.ts';
import { typeOfSuffix } from './backup-name.ts';
import { groupBy } from './group-by.ts';
import { guessOwner, namedByFolder, UNKNOWN_OWNER } from './folder-names.ts';
import type { LogTraits, Traits } from './traits.ts';

/** A file with its place and what it tells by itself. */
export interface PlacedFile {
  readonly path: string;
  readonly container: string;
  readonly traits: Traits;
}

/** What is known beside the files. */
export interface KnownNames {
  readonly contexts: readonly string[];
  /** Others, for files in folders of their names. */
  readonly dcbContexts?: readonly string[];
  readonly groups: readonly string[];
  /** Takes the name of a folder for that of a context or group where nothing else is known. */
  readonly guessesFromFolders: boolean;
  /** Groups as a control database of the backup has them. */
  readonly controlDbGroups: readonly ControlDbGroup[];
  /** Contexts as it has them, for files of which nothing else tells whose they are. */
  readonly controlDbContexts: readonly string[];
}

/** What each file is, in their order: what its bytes do not tell, its neighbours may, and then the folders' names. */
export function classify(files: readonly PlacedFile[], known: KnownNames): BackupFileKind[] {
  const neighbours = new Neighbours(files, known);
  const groups = findGroups(files, known);
  return files.map((file) => {
    const { traits } = file;
    switch (traits.kind) {
      case 'data': {
        const context = neighbours.contextOf(file);
        return { kind: 'segment', type: traits.type, context, segment: traits.name.number };
      }
      case 'companion':
        if (neighbours.isOfLog(file, traits)) {
          return { kind: traits.name.suffix === LOG_INDEX_SUFFIX ? 'log-index' : 'other' };
        }
        return neighbours.describeCompanion(file, traits.name.suffix, traits.name.number);
      case 'log':
        return { kind: 'log', group: groups.get(file) ?? null, firstIndex: Number(traits.name.number) };
      default:
        return { kind: traits.kind };
    }
  });
}

type Companion = Extract<Traits, { kind: 'companion' }>;
type DataFile = PlacedFile & { readonly traits: Extract<Traits, { kind: 'data' }> };

/** Who lies beside whom. */
class Neighbours {
  readonly #known: KnownNames;
  readonly #inContainer: ReadonlyMap<string, readonly DataFile[]>;
  readonly #byNumber: ReadonlyMap<bigint, readonly DataFile[]>;
  readonly #logs: ReadonlyMap<string, ReadonlySet<bigint>>;

  constructor(files: readonly PlacedFile[], known: KnownNames) {
    this.#known = known;
    const data = files.filter(isData);
    this.#inContainer = groupBy(data, ({ container }) => container);
    this.#byNumber = groupBy(data, ({ traits }) => traits.name.number);
    const logs = new Map<string, Set<bigint>>();
    for (const { container, traits } of files) {
      if (traits.kind === 'log') logs.set(container, (logs.get(container) ?? new Set()).add(traits.name.number));
    }
    this.#logs = logs;
  }

  contextOf(file: PlacedFile): string | null {
    if (isData(file) && file.traits.context !== null) return file.traits.context;
    const beside = this.#inContainer.get(file.container) ?? [];
    const contexts = new Set(beside.flatMap(({ traits }) => traits.context ?? []));
    if (contexts.size === 1) return [...contexts][0] ?? null;
    return this.#contextBehind(file, beside) ?? this.#contextByName(file.path);
  }

  /** In a folder of several contexts, an empty segment goes on where another one ends. */
  #contextBehind(file: PlacedFile, beside: readonly DataFile[]): string | null {
    if (!isData(file)) return null;
    const { type, name } = file.traits;
    const before = beside.filter(
      ({ traits }) => traits.context !== null && traits.type === type && traits.nextToken() === name.number,
    );
    const contexts = new Set(before.flatMap(({ traits }) => traits.context ?? []));
    return contexts.size === 1 ? ([...contexts][0] ?? null) : null;
  }

  #contextByName(path: string): string | null {
    const { contexts, dcbContexts = [], controlDbContexts, guessesFromFolders } = this.#known;
    const named = namedByFolder(path, [...contexts, ...dcbContexts]) ?? namedByFolder(path, controlDbContexts);
    if (named !== null) return named;
    if (contexts.length === 1) return contexts[0] ?? null;
    if (!guessesFromFolders) return null;
    const guessed = guessOwner(path);
    return guessed === UNKNOWN_OWNER && controlDbContexts.length === 1 ? (controlDbContexts[0] ?? null) : guessed;
  }

  /**
   * Whether a file lies beside a segment of a log, and beside none of events. Releases before 4.5.18 have an index there;
   * in a folder of logs alone it may have outlived its segment.
   */
  isOfLog({ container }: PlacedFile, { name, isIndexOfEvents }: Companion): boolean {
    const logs = this.#logs.get(container);
    if (logs === undefined || isIndexOfEvents) return false;
    const events = this.#inContainer.get(container) ?? [];
    if (logs.has(name.number)) return events.every(({ traits }) => traits.name.number !== name.number);
    return events.length === 0 && name.suffix === LOG_INDEX_SUFFIX;
  }

  describeCompanion(file: PlacedFile, suffix: string, segment: bigint): BackupFileKind {
    const inContainer = this.#inContainer.get(file.container) ?? [];
    const beside = inContainer.filter(({ traits }) => traits.name.number === segment);
    const candidates = beside.length > 0 ? beside : (this.#byNumber.get(segment) ?? []);
    const types = new Set(candidates.map(({ traits }) => traits.type));
    const known = typeOfSuffix(suffix);
    if (known === null && types.size === 0) return { kind: 'other' };
    const isSnapshot = types.has('SNAPSHOT') && (types.size === 1 || suffix.startsWith('.s'));
    const type = known ?? (isSnapshot ? 'SNAPSHOT' : 'EVENT');
    const ofType = candidates.filter(({ traits }) => traits.type === type);
    const contexts = new Set((ofType.length > 0 ? ofType : candidates).map((data) => this.contextOf(data)));
    const context = contexts.size === 1 ? ([...contexts][0] ?? null) : this.contextOf(file);
    return { kind: 'index', type, context, segment, suffix };
  }
}

type LogFile = PlacedFile & { readonly traits: { readonly kind: 'log'; readonly log: LogTraits } };

/** The group of each log segment, as far as it can be told. */
function findGroups(files: readonly PlacedFile[], known: KnownNames): Map<PlacedFile, string> {
  const logs = files.filter((file): file is LogFile => file.traits.kind === 'log');
  const groups = new Map<PlacedFile, string>();
  const groupOfNode = new Map<string, string>();
  const groupOfContext = new Map<string, string>();
  for (const { group, nodeIds, contexts } of known.controlDbGroups) {
    for (const nodeId of nodeIds) groupOfNode.set(nodeId, group);
    for (const context of contexts) groupOfContext.set(context, group);
  }
  for (const { traits } of logs)
    for (const [context, group] of traits.log.groupOfContext) groupOfContext.set(context, group);

  const waiting = new Set(logs);
  const settle = (groupOf: (file: LogFile) => string | null | undefined): void => {
    for (let isMoving = true; isMoving;) {
      isMoving = false;
      for (const file of waiting) {
        const group = groupOf(file) ?? null;
        if (group === null) continue;
        isMoving = true;
        waiting.delete(file);
        groups.set(file, group);
        for (const nodeId of file.traits.log.nodeIds) if (!groupOfNode.has(nodeId)) groupOfNode.set(nodeId, group);
      }
    }
  };
  settle(({ traits }) => traits.log.group);
  settle(({ traits }) => firstKnown(traits.log.contexts, groupOfContext));
  settle(({ traits }) => firstKnown(traits.log.nodeIds, groupOfNode));
  const settled = new Map<string, Set<string>>();
  for (const [{ container }, group] of groups) settled.set(container, (settled.get(container) ?? new Set()).add(group));
  settle(({ container }) => {
    const beside = settled.get(container);
    return beside?.size === 1 ? [...beside][0] : null;
  });
  settle(({ path }) => namedByFolder(path, known.groups));
  if (known.guessesFromFolders) settle(({ path }) => guessOwner(path));
  return groups;
}

function firstKnown(names: readonly string[], owners: ReadonlyMap<string, string>): string | null {
  for (const name of names) {
    const owner = owners.get(name);
    if (owner !== undefined) return owner;
  }
  return null;
}

function isData(file: PlacedFile): file is DataFile {
  return file.traits.kind === 'data';
}
