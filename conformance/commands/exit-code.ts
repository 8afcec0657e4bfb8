/** Hands the exit code of a command to whoever runs it: `cli.ts`, the one place that sets it. */
export type ExitWith = (code: number) => void;

/** The kit itself failed. */
export const EXIT_KIT_FAILED = 70;
