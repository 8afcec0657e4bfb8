import { toXml } from 'xast-util-to-xml';
import { timelineStyle } from '../../../timeline/index.ts';
import { el, type Content } from './elements.ts';
import { pageStyle } from './style.ts';

/**
 * A whole page that needs nothing else. The head is written out: it has elements that HTML does not close. All that comes from elsewhere
 * is in the body.
 */
export function page(title: string, body: readonly Content[]): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const head = [
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    write([el('title', {}, title)]),
    `<style>${pageStyle}\n${timelineStyle}</style>`,
  ];
  return `<!doctype html>\n<html lang="en">\n<head>\n${head.join('\n')}\n</head>\n<body>\n${write(body)}\n</body>\n</html>\n`;
}

function write(content: readonly Content[]): string {
  const children = content.map((each) =>
    typeof each === 'object' ? each : { type: 'text' as const, value: String(each) },
  );
  return toXml(children, { allowDangerousXml: true });
}
