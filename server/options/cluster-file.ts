import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { AxonError } from '../errors.ts';
import { parseSize } from '../quantities.ts';
import { ClusterFile } from './cluster-file-schema.ts';
import { contextNameOf } from './context-options.ts';
import { contextPathFault } from './context-path.ts';
import { findGroupFault, type GroupOptions } from './group-options.ts';
import { indexFormatFault, type IndexFormatOption } from './index-formats.ts';
import { late } from './late.ts';
import { nodesFault, resolveNodeNames, type NodesOption } from './node-options.ts';
import { schemaFaultOf, type OptionFault } from './option-fault.ts';
import { snapshotStorageFault } from './snapshot-storage.ts';
import { findTokenFault, type TokenOptions } from './token-options.ts';
import { findUserFault, type UserOptions } from './user-options.ts';
import { readYamlFile } from './yaml-file.ts';

/** What a cluster file says, as the simulator's options. */
export interface ClusterFileOptions {
  readonly nodes: NodesOption;
  readonly snapshotStorage?: string;
  readonly groups: readonly GroupOptions[];
  readonly nodeSegmentSizeBytes: Readonly<Record<string, number>>;
  readonly indexFormats: Readonly<Record<string, IndexFormatOption>>;
  readonly contextPath: string;
  readonly token: string | null;
  readonly tokens: readonly TokenOptions[];
  readonly users: readonly UserOptions[];
}

const shape = late(() => new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile<ClusterFile>(ClusterFile));

/**
 * Reads a cluster file, YAML or JSON, which is YAML too. What is wrong with it is `bad-option`, in one line: the file, the
 * line in it, the path, and what would be right.
 */
export function parseClusterFile(text: string, fileName: string): ClusterFileOptions {
  const { content, refuse } = readYamlFile(text, fileName);
  const isClusterFile = shape();
  if (!isClusterFile(content)) {
    refuse(clusterFileFault(isClusterFile.errors));
    throw new Error('a schema that refuses says why');
  }
  const {
    nodes,
    groups,
    nodeSegmentSizes = {},
    snapshotStorage,
    contextPath = '',
    indexFormats = {},
    token = null,
    tokens = [],
    users = [],
  } = content;
  refuse(faultAt('snapshotStorage', snapshotStorage === undefined ? null : snapshotStorageFault(snapshotStorage)));
  refuse(faultAt('contextPath', contextPathFault(contextPath)));
  refuse(faultAt('nodes', nodesFault(nodes)));
  const nodeNames = resolveNodeNames(nodes);
  refuse(findGroupFault(groups, nodeNames));
  const contexts = groups.flatMap((group) => (group.contexts ?? []).map(contextNameOf));
  refuse(faultAt('indexFormats', indexFormatFault(indexFormats, contexts)));
  refuse(findTokenFault(tokens, contexts, token));
  refuse(findUserFault(users, contexts));
  const sizes = Object.entries(nodeSegmentSizes).map(([node, size]) => {
    refuse(nodeNames.includes(node) ? null : unknownNode(node, nodeNames));
    return [node, readSize(size, (message) => refuse({ path: ['nodeSegmentSizes', node], message }))] as const;
  });
  return {
    nodes,
    groups,
    nodeSegmentSizeBytes: Object.fromEntries(sizes),
    indexFormats,
    ...(snapshotStorage === undefined ? {} : { snapshotStorage }),
    contextPath,
    token,
    tokens,
    users,
  };
}

function faultAt(name: string, message: string | null): OptionFault | null {
  return message === null ? null : { path: [name], message };
}

function readSize(size: number | string, refuse: (message: string) => void): number {
  if (typeof size === 'number') return size;
  try {
    return parseSize(size);
  } catch (error) {
    if (!(error instanceof AxonError)) throw error;
    refuse(error.message);
    return 0;
  }
}

function unknownNode(node: string, nodeNames: readonly string[]): OptionFault {
  const message = `there is no node "${node}"; there are ${nodeNames.join(', ')}`;
  return { path: ['nodeSegmentSizes', node], message };
}

function clusterFileFault(errors: readonly ErrorObject[] | null | undefined): OptionFault {
  const isNoObject = errors?.some(({ keyword, instancePath }) => keyword === 'type' && instancePath === '') === true;
  if (isNoObject) return { path: [], message: 'it must have "nodes" and "groups"' };
  return schemaFaultOf(errors, 'this is no cluster file');
}
