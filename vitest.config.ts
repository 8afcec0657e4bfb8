import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/in-memory.ts', 'test/support/announce-browser.ts'],
    // Both processors of a small machine: the standard leaves one idle.
    maxWorkers: 2,
    // Files share the modules that a worker has loaded: loading them anew for each file took a third of the time.
    // What a test puts in the place of something is taken back for it.
    isolate: false,
    // What is built is loaded as it stands.
    server: { deps: { external: [/\/dist\//] } },
    restoreMocks: true,
    unstubEnvs: true,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
