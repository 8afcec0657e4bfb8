import { createRequire } from 'node:module';
import path from 'node:path';

/** Where the package lies, or the project: found by its name, from wherever this is compiled to. */
export const packageFolder: string = path.dirname(
  createRequire(import.meta.url).resolve('axon-backup-kit/package.json'),
);
