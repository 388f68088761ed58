import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import axios from 'axios';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiProvider } from './api/api-context.ts';
import { createApi } from './api/client.ts';
import { LiveProvider } from './api/live-provider.tsx';
import { openStream } from './api/open-stream.ts';
import { App } from './app.tsx';
import { ErrorBoundary } from './components/error-boundary.tsx';
import { NotificationChoiceProvider } from './notifications/notification-choice.tsx';
import './styles/tokens.css';
import './styles/base.css';
import { ThemeProvider } from './theme/theme-provider.tsx';
import { createServerClock } from './time/server-clock.ts';
import { UrlStoreProvider } from './url-state/url-state-context.ts';
import { createUrlStore } from './url-state/url-store.ts';

const http = axios.create({ baseURL: '/api', timeout: 10_000 });
const api = createApi(http, { server: createServerClock(Date.now), viewer: Date.now });
const urlStore = createUrlStore(window);

// Queries poll (see api/refresh-policy.ts), even when the browser reports that it is offline.
const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: false, networkMode: 'always', gcTime: 60_000 } },
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element #root');

createRoot(root).render(
  <StrictMode>
    <ErrorBoundary title="Sensor Sentinel">
      <QueryClientProvider client={queryClient}>
        <ApiProvider value={api}>
          <UrlStoreProvider value={urlStore}>
            <LiveProvider open={openStream}>
              <ThemeProvider>
                <NotificationChoiceProvider>
                  <App />
                </NotificationChoiceProvider>
              </ThemeProvider>
            </LiveProvider>
          </UrlStoreProvider>
        </ApiProvider>
      </QueryClientProvider>
    </ErrorBoundary>
  </StrictMode>,
);
