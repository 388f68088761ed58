import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv } from 'vite';

export default defineConfig(({ mode }) => {
  const env = loadEnv(mode, import.meta.dirname, ['API_URL', 'DASHBOARD_PORT']);
  const server = {
    host: '127.0.0.1',
    port: Number(env.DASHBOARD_PORT ?? 8050),
    strictPort: true,
    proxy: {
      '/api': {
        target: env.API_URL ?? 'http://127.0.0.1:5000',
        rewrite: (path: string) => path.replace(/^\/api/, ''),
      },
    },
  };
  return {
    plugins: [react()],
    server,
    preview: server,
    // Plotly's basic bundle is one chunk of 1.1 MB by design; it is loaded after the first paint.
    build: { sourcemap: false, chunkSizeWarningLimit: 1200 },
  };
});
