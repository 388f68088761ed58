import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv, type Plugin } from 'vite';
import { requireSmallStart } from './build-checks/initial-size.ts';

const maxInitialBytes = 200_000;
const zodWithoutEval = join(import.meta.dirname, 'src/api/zod-without-eval.ts');

/** Fails the build if the JavaScript for the first paint exceeds the limit. */
const smallStart: Plugin = {
  name: 'small-start',
  enforce: 'post',
  generateBundle(_, bundle) {
    const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
    this.info(requireSmallStart(chunks, maxInitialBytes));
  },
};

export default defineConfig(({ mode }) => {
  const env = loadEnv(mode, import.meta.dirname, ['API_URL', 'DASHBOARD_PORT', 'ALLOWED_HOSTS']);
  const server = {
    host: '127.0.0.1',
    port: Number(env.DASHBOARD_PORT ?? 8050),
    strictPort: true,
    allowedHosts: env.ALLOWED_HOSTS === '*' || (env.ALLOWED_HOSTS ?? '').split(',').filter(Boolean),
    proxy: {
      '/api': {
        target: env.API_URL ?? 'http://127.0.0.1:5000',
        rewrite: (path: string) => path.replace(/^\/api/, ''),
      },
    },
  };
  return {
    plugins: [react(), smallStart],
    resolve: { alias: [{ find: /^zod$/, replacement: zodWithoutEval }] },
    server,
    preview: server,
    // Plotly's basic bundle is one chunk of 1.2 MB, loaded after the first paint.
    build: { sourcemap: false, chunkSizeWarningLimit: 1200 },
  };
});
