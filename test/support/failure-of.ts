import { AxonError } from '../../server/errors.ts';

/** The failure with which `action` ends; any other error, or none, fails the test. */
export function failureOf(action: () => unknown): AxonError {
  try {
    action();
  } catch (error) {
    if (error instanceof AxonError) return error;
    throw error;
  }
  throw new Error('There was no failure');
}
