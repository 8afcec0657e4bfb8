import { createRequire } from 'node:module';

/** Version of the package, as its package.json has it. */
export const kitVersion: string = (
  createRequire(import.meta.url)('axon-backup-kit/package.json') as { readonly version: string }
).version;
