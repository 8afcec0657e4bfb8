/** A call to this node, as a control makes it. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its query; everything that needs encoding is encoded. */
  readonly path: string;
  /** Sent as JSON; null for none. */
  readonly body: object | null;
  /** Whether access control, where it is on, wants a token for it. */
  readonly isPublic: boolean;
}

/** The same call for a shell. A token shows as the variable that holds it, never as itself. */
export function formatCurlLine(baseUrl: string, call: Call, hasAccessControl: boolean): string {
  const parts = ['curl', '-s'];
  if (call.method !== 'GET') parts.push('-X', call.method);
  if (call.isPublic && hasAccessControl) parts.push('-H', '"AxonIQ-Access-Token: $AXONSERVER_TOKEN"');
  parts.push(quote(baseUrl + call.path));
  if (call.body !== null) parts.push('-d', quote(JSON.stringify(call.body)));
  return parts.join(' ');
}

/** As one word of a POSIX shell, bare where that is safe. */
function quote(text: string): string {
  return /^[\w.,:/%@+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
