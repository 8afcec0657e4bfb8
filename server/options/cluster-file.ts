import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { nodeNamesOf } from '../cluster/topology.ts';
import { AxonError } from '../errors.ts';
import { parseSize } from '../quantities.ts';
import { ClusterFile } from './cluster-file-schema.ts';
import { findGroupFault, type GroupOptions } from './group-options.ts';
import { describeOptionFault, schemaFault, type OptionFault } from './option-fault.ts';
import { findTokenFault, type TokenOptions } from './token-options.ts';
import { findUserFault, type UserOptions } from './user-options.ts';

/** What a cluster file says, as the simulator's options. */
export interface ClusterFileOptions {
  readonly nodes: number;
  readonly groups: readonly GroupOptions[];
  readonly nodeSegmentSizeBytes: Readonly<Record<string, number>>;
  readonly token: string | null;
  readonly tokens: readonly TokenOptions[];
  readonly users: readonly UserOptions[];
}

const isClusterFile = new Ajv2020({ allowUnionTypes: true }).compile<ClusterFile>(ClusterFile);

/**
 * Reads a cluster file, YAML or JSON, which is YAML too. What is wrong with it is `bad-option`, in one line: the file, the
 * line in it, the path, and what would be right.
 */
export function parseClusterFile(text: string, fileName: string): ClusterFileOptions {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) throw refusal(fileName, lines.linePos(error.pos[0]).line, error.message);
  const refuse = (fault: OptionFault | null): void => {
    if (fault !== null) throw refusal(fileName, lineOf(document, fault.path, lines), describeOptionFault(fault));
  };
  const content = readContent(document, fileName);
  if (!isClusterFile(content)) {
    refuse(isClusterFile.errors?.map(clusterFileFault)[0] ?? { path: [], message: 'this is no cluster file' });
    throw new Error('a schema that refuses says why');
  }
  const { nodes, groups, nodeSegmentSizes = {}, token = null, tokens = [], users = [] } = content;
  const nodeNames = nodeNamesOf(nodes);
  refuse(findGroupFault(groups, nodeNames));
  const contexts = groups.flatMap((group) => group.contexts ?? []);
  refuse(findTokenFault(tokens, contexts, token));
  refuse(findUserFault(users, contexts));
  const sizes = Object.entries(nodeSegmentSizes).map(([node, size]) => {
    refuse(nodeNames.includes(node) ? null : unknownNode(node, nodeNames));
    return [node, readSize(size, (message) => refuse({ path: ['nodeSegmentSizes', node], message }))] as const;
  });
  return { nodes, groups, nodeSegmentSizeBytes: Object.fromEntries(sizes), token, tokens, users };
}

/** An alias may lead nowhere, or to too much: that shows only when the plain values are made. */
function readContent(document: Document, fileName: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw refusal(fileName, 1, error instanceof Error ? error.message : String(error));
  }
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

/** The line of what is at a path, or of the nearest thing around it that is there. */
function lineOf(document: Document, path: OptionFault['path'], lines: LineCounter): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : null;
    if (Array.isArray(range) && typeof range[0] === 'number') return lines.linePos(range[0]).line;
  }
  return 1;
}

function clusterFileFault(error: ErrorObject): OptionFault {
  const fault = schemaFault(error);
  const isNoObject = error.keyword === 'type' && fault.path.length === 0;
  return isNoObject ? { path: [], message: 'it must have "nodes" and "groups"' } : fault;
}

function refusal(fileName: string, line: number, message: string): AxonError {
  return new AxonError('bad-option', `${fileName}:${line}: ${message.replaceAll(/\s+/g, ' ')}`);
}
