import { type ComponentProps, type ComponentType, lazy, Suspense } from 'react';
import { useNotificationChoice } from '../features/incidents/notification-choice.tsx';
import { ModelFootnote, NoModelNotice } from '../features/models/model-notes.tsx';
import { PanelFallback } from '../features/panel/panel-fallback.tsx';
import { type View, viewWords } from '../features/url-state/url-state.ts';
import { useUrlState } from '../features/url-state/url-state-context.ts';
import { useTypes } from '../features/url-state/url-state-provider.tsx';
import { Overview } from '../pages/overview.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import styles from './app.module.css';
import { Header } from './header/header.tsx';
import { TabState } from './tab-state.tsx';

/** The overview is part of the initial bundle; the other pages are loaded on demand. */
const pages: Readonly<Record<View, ComponentType>> = {
  overview: Overview,
  sensors: lazy(async () => ({ default: (await import('../pages/sensors.tsx')).SensorsView })),
  alerts: lazy(async () => ({ default: (await import('../pages/alerts.tsx')).AlertsView })),
  rules: lazy(async () => ({ default: (await import('../pages/rules.tsx')).RulesView })),
  receivers: lazy(async () => ({ default: (await import('../pages/receivers.tsx')).ReceiversView })),
  model: lazy(async () => ({ default: (await import('../pages/model.tsx')).ModelView })),
  system: lazy(async () => ({ default: (await import('../pages/system.tsx')).SystemView })),
};

const IncidentNotifier = lazy(async () => ({
  default: (await import('../features/incidents/incident-notifier.tsx')).IncidentNotifier,
}));

const loading = { isFetching: true, error: null, refetch: () => undefined };

export function App() {
  const { state, type } = useUrlState();
  const { view } = state;
  const types = useTypes();
  const { title, content } = viewWords[view];
  const Page = pages[view];
  const notifications = useNotificationChoice();
  return (
    <>
      <TabState />
      <a className={styles.skip} href="#main">
        Skip to {content}
      </a>
      <Header />
      <NoModelNotice />
      <main id="main" tabIndex={-1} className={styles.main}>
        {type === null ? (
          <Loading title={title} query={types} />
        ) : (
          // Another type has other features, so nothing of the page is kept.
          <ErrorBoundary key={`${view} ${type.name}`} title={title}>
            <Suspense fallback={<Loading title={title} query={loading} />}>
              <Page />
            </Suspense>
          </ErrorBoundary>
        )}
      </main>
      <ModelFootnote />
      {(notifications.isOn || notifications.hasSound) && (
        <ErrorBoundary title="Notifications">
          <Suspense>
            <IncidentNotifier key={state.type} />
          </Suspense>
        </ErrorBoundary>
      )}
    </>
  );
}

function Loading({ title, query }: { title: string; query: ComponentProps<typeof PanelFallback>['query'] }) {
  return (
    <div className={styles.loading}>
      <PanelFallback title={title} query={query} bones={{ count: 3, height: 120 }} />
    </div>
  );
}
