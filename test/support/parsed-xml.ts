/** An element as a parser hands it out. */
export interface ParsedElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: ParsedElement[];
  text: string;
}

/** What XML 1.0 allows in a document at all. */
const legal = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * A parser for the part of XML that a report needs: a declaration, elements, attributes, text, references. It throws on
 * whatever is not well-formed; there are no comments, sections or processing instructions, so it throws on those, too.
 */
export function parseXml(document: string): ParsedElement {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!document.startsWith(declaration)) throw new Error('no XML declaration');
  return parseXmlElement(document.slice(declaration.length));
}

/** The same for one element that stands alone, such as a picture. */
export function parseXmlElement(document: string): ParsedElement {
  if (!legal.test(document)) throw new Error('a character that XML does not have');
  const root: ParsedElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const token =
    /<(?<close>\/?)(?<name>[A-Za-z][\w-]*)(?<attributes>(?: [A-Za-z][\w-]*="[^"<]*")*)(?<empty>\/?)>|(?<text>[^<]+)/y;
  while (token.lastIndex < document.length) {
    const at = token.lastIndex;
    const groups = token.exec(document)?.groups;
    const parent = open.at(-1);
    if (groups === undefined || parent === undefined)
      throw new Error(`not well-formed at ${document.slice(at, at + 40)}`);
    const { close, name = '', attributes = '', empty, text } = groups;
    if (text !== undefined) {
      if (text.includes(']]>')) throw new Error('a bare ]]> in text');
      parent.text += decodeReferences(text);
    } else if (close === '/') {
      if (parent.name !== name || open.length === 1 || attributes !== '')
        throw new Error(`</${name}> closes <${parent.name}>`);
      open.pop();
    } else {
      const element = { name, attributes: parseAttributes(attributes), children: [], text: '' };
      parent.children.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  const [top, ...others] = root.children;
  if (top === undefined || others.length > 0 || open.length > 1 || root.text.trim() !== '')
    throw new Error('not one root');
  return top;
}

function parseAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(/ ([\w-]+)="([^"]*)"/g)) {
    if (name in attributes) throw new Error(`${name} stands twice`);
    // A parser makes a blank of white space that is not written as a reference.
    attributes[name] = decodeReferences(value.replaceAll(/[\t\n\r]/g, ' '));
  }
  return attributes;
}

function decodeReferences(text: string): string {
  return text.replaceAll(/&(?:#(?<code>\d+|x[\dA-F]+)|(?<name>[a-z]+));|&/g, (all, code?: string, name?: string) => {
    const character =
      code === undefined ? entities[name ?? ''] : String.fromCodePoint(Number(code.replace(/^x/, '0x')));
    if (character === undefined || !legal.test(character)) throw new Error(`${all} is no reference`);
    return character;
  });
}

/** All elements of a name, at any depth. */
export function elementsOf(element: ParsedElement, name: string): ParsedElement[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...elementsOf(child, name)]);
}
