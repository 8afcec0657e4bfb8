import { H2Failure } from '../../h2/index.ts';

/** The failure with which `action` ends; any other error, or none, fails the test. */
export function h2FailureOf(action: () => unknown): H2Failure {
  try {
    action();
  } catch (error) {
    if (error instanceof H2Failure) return error;
    throw error;
  }
  throw new Error('There was no failure');
}
