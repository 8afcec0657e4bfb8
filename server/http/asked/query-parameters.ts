import type { Behaviour } from '../../versions/behaviours.ts';

/** Parameters by their names, each as often as it is given. */
export type Parameters = Readonly<Record<string, string | readonly string[]>>;

/**
 * The parameters of a query or a form, as the server's Tomcat reads them: one that cannot be decoded is not there, and
 * bytes that are no UTF-8 are letters that nobody knows.
 */
export function parseParameters(text: string): Record<string, string | string[]> {
  // Without a prototype: a name like `constructor` is one of many.
  const parameters: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const part of text.split('&')) {
    const equals = part.indexOf('=');
    const name = decode(equals < 0 ? part : part.slice(0, equals));
    const value = decode(equals < 0 ? '' : part.slice(equals + 1));
    if (name === null || name === '' || value === null) continue;
    const before = parameters[name];
    parameters[name] = before === undefined ? value : [before, value].flat();
  }
  return parameters;
}

/**
 * What a release makes of parameters that are given twice: of a number the first, of a text all of them. Where that is
 * refused they stay as they are, and the schema refuses them.
 */
export function joinRepeated(parameters: Parameters, numbers: ReadonlySet<string>, behaviour: Behaviour): Parameters {
  if (behaviour.parameterTwice === '400 that says why') return parameters;
  const joined = Object.entries(parameters).map(([name, value]) => {
    if (typeof value === 'string') return [name, value] as const;
    return [name, numbers.has(name) ? (value[0] ?? '') : value.join(',')] as const;
  });
  return Object.fromEntries(joined);
}

function decode(text: string): string | null {
  const spaced = text.replaceAll('+', ' ');
  if (/%(?![\dA-Fa-f]{2})/.test(spaced)) return null;
  const bytes = Buffer.from(
    Buffer.from(spaced, 'utf8')
      .toString('latin1')
      .replaceAll(/%([\dA-Fa-f]{2})/g, (_escape, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    'latin1',
  );
  return bytes.toString('utf8');
}
