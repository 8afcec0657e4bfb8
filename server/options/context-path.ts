/** Far below what a request line can have. */
const MOST_CHARACTERS = 200;

/** Each part of the path: nothing that a URL would have to escape, no `.` and no `..`. */
const part = /^[\dA-Za-z_~-][\w.~-]*$/;

/** The path below which everything public of a node lies, as `/axonserver-1`; one slash at the end changes nothing. */
export function resolveContextPath(given: string): string {
  return given.replace(/(?<=[^/])\/$|^\/$/, '');
}

/** What is wrong with a context path, in one line, or null. `/_sim` cannot be one: the control API lies there, and stays. */
export function contextPathFault(given: string): string | null {
  const path = resolveContextPath(given);
  if (path === '') return null;
  const refused = (why: string): string => `context path ${JSON.stringify(given.slice(0, MOST_CHARACTERS))}: ${why}`;
  if (path.length > MOST_CHARACTERS) return refused(`${MOST_CHARACTERS} characters at most`);
  if (!path.startsWith('/')) return refused('it begins with a slash, as in /axonserver-1');
  const parts = path.slice(1).split('/');
  if (!parts.every((each) => part.test(each))) {
    const wanted = 'letters, digits and - . _ ~ between single slashes, and no part that begins with a dot';
    return refused(`${wanted}, as in /axonserver-1`);
  }
  return parts[0] === '_sim' ? refused('the control API lies at /_sim, and stays there') : null;
}
