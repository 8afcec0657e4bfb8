import { onTestFinished } from 'vitest';

interface ServerSentEvent {
  readonly event: string;
  readonly id: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A reader of a stream of server-sent events. */
export interface EventSource {
  /** All that has come so far. */
  readonly events: readonly ServerSentEvent[];
  /** Resolves with the first event, of those that came and those to come, that `isIt` takes. */
  find(isIt: (event: ServerSentEvent) => boolean): Promise<ServerSentEvent>;
  /** Resolves once the stream has ended, from whichever side. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Opens a stream and reads it until the test has finished, at the latest. Resolves with the first event. */
export async function openEventSource(url: string): Promise<EventSource> {
  const abort = new AbortController();
  const answer = await fetch(url, { signal: abort.signal });
  onTestFinished(() => abort.abort());
  if (answer.headers.get('content-type') !== 'text/event-stream') throw new Error(`${url} is no stream of events`);
  const events: ServerSentEvent[] = [];
  const waiting = new Set<() => void>();
  const ended = read(answer, (event) => {
    events.push(event);
    for (const look of waiting) look();
  });
  const find = (isIt: (event: ServerSentEvent) => boolean): Promise<ServerSentEvent> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = events.find(isIt);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const source = { events, find, ended, close: () => abort.abort() };
  await find(() => true);
  return source;
}

async function read(answer: Response, take: (event: ServerSentEvent) => void): Promise<void> {
  let rest = '';
  try {
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) take(parse(block));
    }
  } catch {
    // The end of the connection, which is an end of the stream like any other.
  }
}

function parse(block: string): ServerSentEvent {
  const fields = new Map(
    block.split('\n').map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)] as const;
    }),
  );
  return {
    event: fields.get('event') ?? '',
    id: fields.get('id') ?? null,
    data: JSON.parse(fields.get('data') ?? '{}'),
  };
}
