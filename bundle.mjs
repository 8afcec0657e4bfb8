import { chmodSync, rmSync } from 'node:fs';
import { build } from 'rolldown';

/*
 * The command line in few files, since each module that is loaded takes a millisecond of a start: `dist/cli.js`, and what its
 * commands need in `dist/bundle`. What is for programs is compiled file by file, and dependencies stay what they are.
 */
rmSync('dist/bundle', { recursive: true, force: true });
await build({
  input: { cli: 'cli.ts', 'bundle/scan-worker': 'conformance/oracle/examination/scan-worker.ts' },
  platform: 'node',
  logLevel: 'warn',
  external: (id) => !/^[./]/.test(id),
  output: { dir: 'dist', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'bundle/[name].js' },
});
// As npm makes it where the package is installed: `npx` works in a clone, too.
chmodSync('dist/cli.js', 0o755);
