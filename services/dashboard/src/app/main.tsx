import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import axios from 'axios';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiProvider } from '../api/api-context.ts';
import { createApi, createServerClock } from '../api/client.ts';
import { NotificationChoiceProvider } from '../features/incidents/notification-choice.tsx';
import { LiveProvider } from '../features/stream/live-provider.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { App } from './app.tsx';
import './styles/tokens.css';
import './styles/base.css';
import { UrlStateProvider } from '../features/url-state/url-state-provider.tsx';
import { ThemeProvider } from '../ui/theme/theme-provider.tsx';

const http = axios.create({ baseURL: '/api', timeout: 10_000 });
const api = createApi(http, createServerClock(Date.now));

// Queries are refetched (see api/refresh-policy.ts) even when the browser reports that it is offline.
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
          <UrlStateProvider>
            <LiveProvider>
              <ThemeProvider>
                <NotificationChoiceProvider>
                  <App />
                </NotificationChoiceProvider>
              </ThemeProvider>
            </LiveProvider>
          </UrlStateProvider>
        </ApiProvider>
      </QueryClientProvider>
    </ErrorBoundary>
  </StrictMode>,
);
