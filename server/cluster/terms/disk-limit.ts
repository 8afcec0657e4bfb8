import { AxonError } from '../../errors.ts';

/** The failure of whatever would make the data folder grow beyond `--max-disk`; `what` became of it. */
export function diskLimitReached(limitBytes: number, what: string): AxonError {
  const message = `The data folder has reached the limit of ${limitBytes} bytes: ${what}; start with a higher --max-disk`;
  return new AxonError('disk-limit', message);
}
