import type { Call } from './curl-line.ts';

/** How a call ended. */
export type Outcome =
  | { readonly kind: 'answered'; readonly status: number; readonly text: string; readonly tookMs: number }
  | { readonly kind: 'broken-off'; readonly message: string };

/** Calls this node; the token goes into the header, as a backup client sends it. */
export async function makeCall(call: Call, token: string): Promise<Outcome> {
  const headers = new Headers();
  if (call.body !== null) headers.set('content-type', 'application/json');
  if (call.isPublic && token !== '') headers.set('AxonIQ-Access-Token', token);
  const body = call.body === null ? null : JSON.stringify(call.body);
  const startedMs = performance.now();
  try {
    // Without credentials, so that a 401 is an answer like any other and the browser asks nobody for a password.
    const answer = await fetch(call.path, { method: call.method, headers, body, credentials: 'omit' });
    const text = await answer.text();
    return { kind: 'answered', status: answer.status, text, tookMs: performance.now() - startedMs };
  } catch (error) {
    return { kind: 'broken-off', message: error instanceof Error ? error.message : String(error) };
  }
}
