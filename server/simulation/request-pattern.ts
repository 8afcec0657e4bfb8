/** Whether a path is like a pattern, in which `*` stands for anything, slashes and nothing at all among it. */
export function isPathLike(pattern: string, path: string): boolean {
  const parts = pattern.split('*');
  const [first = ''] = parts;
  if (parts.length === 1) return pattern === path;
  if (!path.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = parts.at(-1) ?? '';
  return path.length - last.length >= at && path.endsWith(last);
}

/** Whether the parameters that are wanted are there. A client may write `Event` for EVENT, as the manual does. */
export function isQueryLike(
  wanted: Readonly<Record<string, string>> = {},
  asked: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    const given = asked[name];
    if (name !== 'type' || typeof given !== 'string') return given === value;
    return given.toUpperCase() === value.toUpperCase();
  });
}
