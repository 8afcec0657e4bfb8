const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `2024-01-01T03:12:45.250Z` → `2024-01-01 03:12:45`. */
export function formatInstant(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}

/** `2024-01-01T03:12:45.250Z` → `01-01 03:12:45.250`: for lists, where the year is always the same. */
export function formatListed(iso: string): string {
  return iso.slice(5, 23).replace('T', ' ');
}

/** A time to come, as seen from `now`: `in 2d 3h`, `in 1h 05m`, `in 42m 10s`, `in 9s`, `now`. */
export function formatCountdown(now: string, then: string): string {
  const leftMs = Date.parse(then) - Date.parse(now);
  if (leftMs <= 0) return 'now';
  if (leftMs >= DAY_MS) return `in ${Math.floor(leftMs / DAY_MS)}d ${Math.floor((leftMs % DAY_MS) / HOUR_MS)}h`;
  if (leftMs >= HOUR_MS) return `in ${Math.floor(leftMs / HOUR_MS)}h ${padded((leftMs % HOUR_MS) / MINUTE_MS)}m`;
  if (leftMs >= MINUTE_MS) return `in ${Math.floor(leftMs / MINUTE_MS)}m ${padded((leftMs % MINUTE_MS) / SECOND_MS)}s`;
  return `in ${Math.ceil(leftMs / SECOND_MS)}s`;
}

function padded(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}
