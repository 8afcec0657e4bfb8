/** A column as the statement has it: name, and the text of its type and clauses. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

export interface TableDefinition {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly Column[];
}

/**
 * The table that a `CREATE CACHED TABLE schema.name(column type …, …)` of the catalogue makes; null of any other
 * statement. Names are as H2 has them: quoted ones as they stand, others in upper case; 1.4.197 quotes none.
 */
export function parseCreateTable(sql: string): TableDefinition | null {
  const start = /^\s*CREATE\s+(?:FORCE\s+)?CACHED\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?/i.exec(sql);
  if (start === null) return null;
  const open = topLevelIndex(sql, start[0].length, '(');
  const close = open < 0 ? -1 : topLevelIndex(sql, open + 1, ')');
  if (close < 0) return null;
  const path = splitAt(sql.slice(start[0].length, open), '.').map((part) => readName(part));
  const items = splitAt(sql.slice(open + 1, close), ',').map((item) => readName(item));
  const [first, second] = path;
  if (first === null || first === undefined || path.length > 2 || second === null) return null;
  const columns = items.flatMap((item) => (item === null ? [] : [{ name: item.name, type: item.rest }]));
  if (columns.length !== items.length) return null;
  return second === undefined
    ? { schema: 'PUBLIC', name: first.name, columns }
    : { schema: first.name, name: second.name, columns };
}

function readName(text: string): { readonly name: string; readonly rest: string } | null {
  const match = /^\s*(?:"(?<quoted>(?:[^"]|"")+)"|(?<plain>[^\s"(),.']+))(?<rest>[\s\S]*)$/.exec(text);
  if (match?.groups === undefined) return null;
  const { quoted, plain, rest } = match.groups;
  const name = quoted === undefined ? (plain ?? '').toUpperCase() : quoted.replaceAll('""', '"');
  return { name, rest: (rest ?? '').trim() };
}

function splitAt(text: string, separator: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (;;) {
    const at = topLevelIndex(text, from, separator);
    if (at < 0) return [...parts, text.slice(from)];
    parts.push(text.slice(from, at));
    from = at + 1;
  }
}

/** Where `wanted` stands outside of quotes and of parentheses that open after `from`; -1 where nowhere. */
function topLevelIndex(text: string, from: number, wanted: string): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (depth === 0 && character === wanted) return at;
    if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === '"' || character === "'") {
      // Doubled quotes are the end of one text and the beginning of the next.
      at = text.indexOf(character, at + 1);
      if (at < 0) return -1;
    }
  }
  return -1;
}
