import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/*
 * `npm run build:web` writes dist/web: files with a hash in their name below assets/, and a manifest from which the test of the sizes
 * knows what belongs to the first load. `npm run dev:web` serves the same from memory, and hands the API to a service that runs beside it.
 */

const service = process.env['COSMOWATCH_URL'] ?? 'http://127.0.0.1:7070';
const token = process.env['COSMOWATCH_TOKEN'];

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    manifest: 'manifest.json',
    target: 'es2023',
    // Fonts are files of their own: a policy that forbids data: addresses stays possible.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false,
  },
  server: {
    port: 7071,
    proxy: {
      '/api': {
        target: service,
        changeOrigin: true,
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      },
    },
  },
});
