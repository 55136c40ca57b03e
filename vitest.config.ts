import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/*.long.test.ts', 'node_modules/**'],
    testTimeout: 60_000,
    reporters: process.env['CI'] ? ['default'] : ['default'],
  },
});
