const LIFETIME_MS = 30 * 60_000;
/** A client that never sends its cookie back begins a session with each call. */
const MOST_SESSIONS = 10_000;

/** Who signed in, by the cookie that says so. A session ends half a virtual hour after its last use. */
export class Sessions<Caller> {
  readonly #sessions = new Map<string, { readonly caller: Caller; usedAtMs: number }>();
  readonly #createId: () => string;
  readonly #path: string;

  /** `createId` gives a UUID, another one with each call. Cookies are for what lies below `contextPath`. */
  constructor(createId: () => string, contextPath = '') {
    this.#createId = createId;
    this.#path = contextPath === '' ? '/' : contextPath;
  }

  /** The value of `Set-Cookie` for a new session. */
  open(caller: Caller, nowMs: number): string {
    const id = this.#createId().replaceAll('-', '').toUpperCase();
    this.#sessions.set(id, { caller, usedAtMs: nowMs });
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > MOST_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
    return `JSESSIONID=${id}; Path=${this.#path}; HttpOnly`;
  }

  /** Who called with this header `Cookie` before; null where there is no such session, or none any more. */
  callerOf(cookies: string | undefined, nowMs: number): Caller | null {
    const id = /(?:^|;\s*)JSESSIONID=([^;]*)/.exec(cookies ?? '')?.[1];
    const session = id === undefined ? undefined : this.#sessions.get(id);
    if (id === undefined || session === undefined) return null;
    if (nowMs - session.usedAtMs > LIFETIME_MS) {
      this.#sessions.delete(id);
      return null;
    }
    session.usedAtMs = nowMs;
    return session.caller;
  }
}
