import { defineConfig } from 'vitest/config';

// `npm test` runs the quick tests, `npm run test:long` those named `*.long.test.ts`. CI wants the counts as JSON beside the text.
const isLong = process.env['COSMOWATCH_LONG'] === '1';
const json = process.env['COSMOWATCH_TEST_JSON'];

export default defineConfig({
  test: {
    include: isLong ? ['src/**/*.long.test.ts', 'test/**/*.long.test.ts'] : ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: isLong ? ['node_modules/**'] : ['**/*.long.test.ts', 'node_modules/**'],
    testTimeout: isLong ? 900_000 : 60_000,
    hookTimeout: 120_000,
    // On two cores the default is one; what takes long measures memory and time, and runs by itself.
    ...(isLong ? {} : { maxWorkers: 2 }),
    reporters: json ? ['default', ['json', { outputFile: json }]] : ['default'],
  },
});
