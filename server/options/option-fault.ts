/** What is wrong with an option, and where in it: `['groups', 1, 'members', 0, 'node']`. */
export interface OptionFault {
  readonly path: ReadonlyArray<string | number>;
  readonly message: string;
}

/** `groups[1].members[0].node`. */
export function formatOptionPath(path: OptionFault['path']): string {
  return path.map((part, place) => (typeof part === 'number' ? `[${part}]` : place === 0 ? part : `.${part}`)).join('');
}

/** `groups[1].members[0].node: there is no node "node-9"`. */
export function describeOptionFault({ path, message }: OptionFault): string {
  return path.length === 0 ? message : `${formatOptionPath(path)}: ${message}`;
}
