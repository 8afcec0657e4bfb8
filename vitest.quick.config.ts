import { defineConfig } from 'vitest/config';
import { quickTests } from './test/quick-tests.ts';
import whole from './vitest.config.ts';

/* Tests that start nothing: for the loop while writing. They need no build. */
export default defineConfig({
  test: { ...whole.test, globalSetup: [], setupFiles: ['test/support/start-nothing.ts'], include: quickTests() },
});
