/** Just enough of XML for a report: elements with attributes that hold either elements or one text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly content: string | readonly XmlElement[];
}

export function element(
  name: string,
  attributes: XmlElement['attributes'],
  content: XmlElement['content'] = [],
): XmlElement {
  return { name, attributes, content };
}

/** The whole document. Names of elements and attributes are ours; every value may be anything. */
export function formatXml(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${formatElement(root, '')}\n`;
}

function formatElement({ name, attributes, content }: XmlElement, indent: string): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  const start = `${indent}<${name}${written.join('')}`;
  if (content.length === 0) return `${start}/>`;
  if (typeof content === 'string') return `${start}>${escapeXml(content, '\n\t')}</${name}>`;
  const inner = content.map((child) => formatElement(child, `${indent}  `));
  return [`${start}>`, ...inner, `${indent}</${name}>`].join('\n');
}

/** XML 1.0 has no way to write these, not even as a reference. */
const illegal = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** White space that a parser would turn into a plain blank or a line feed is written as a reference, unless it is `kept`. */
function escapeXml(text: string, kept = ''): string {
  return text
    .replaceAll(illegal, '')
    .replaceAll(/[&<>"\t\n\r]/g, (character) =>
      kept.includes(character) ? character : (entities[character] ?? `&#${character.charCodeAt(0)};`),
    );
}
