import { LineCounter, parseDocument, type Document } from 'yaml';
import { AxonError } from '../errors.ts';
import { describeOptionFault, type OptionFault } from './option-fault.ts';

/** What a file of YAML, or of JSON, which is YAML too, says; and a way to refuse it that names the line. */
export interface YamlFile {
  readonly content: unknown;
  /** Fails with `bad-option`, in one line: the file, the line in it, the path, and what would be right. Null refuses nothing. */
  readonly refuse: (fault: OptionFault | null) => void;
}

/** Reads the text of such a file. What is no YAML is `bad-option`, in one line with the file and the line in it. */
export function readYamlFile(text: string, fileName: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) throw refusal(fileName, lines.linePos(error.pos[0]).line, error.message);
  return {
    content: readContent(document, fileName),
    refuse: (fault) => {
      if (fault !== null) throw refusal(fileName, lineOf(document, fault.path, lines), describeOptionFault(fault));
    },
  };
}

/** An alias may lead nowhere, or to too much: that shows only when the plain values are made. */
function readContent(document: Document, fileName: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw refusal(fileName, 1, error instanceof Error ? error.message : String(error));
  }
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

function refusal(fileName: string, line: number, message: string): AxonError {
  return new AxonError('bad-option', `${fileName}:${line}: ${message.replaceAll(/\s+/g, ' ')}`);
}
