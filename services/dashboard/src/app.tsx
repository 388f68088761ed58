import { type ComponentProps, type ComponentType, lazy, Suspense } from 'react';
import { useTypes } from './api/use-types.ts';
import styles from './app.module.css';
import { ErrorBoundary } from './components/error-boundary.tsx';
import { PanelFallback } from './components/panel-fallback.tsx';
import { useDocumentTitle } from './document-title.ts';
import { useNotificationChoice } from './notifications/notification-choice.tsx';
import { Overview } from './overview.tsx';
import { AddressNote } from './panels/header/address-note.tsx';
import { ContactBanner } from './panels/header/contact-banner.tsx';
import { Header } from './panels/header/header.tsx';
import { ModelFootnote } from './panels/model/model-footnote.tsx';
import { NoModelNotice } from './panels/model/no-model-notice.tsx';
import { useUrlState } from './url-state/url-state-context.ts';
import { type View, viewWords } from './views.ts';

/** The overview is part of the initial bundle; the other pages are loaded on demand. */
const pages: Readonly<Record<View, ComponentType>> = {
  overview: Overview,
  sensors: lazy(async () => ({ default: (await import('./panels/sensors/sensors-view.tsx')).SensorsView })),
  alerts: lazy(async () => ({ default: (await import('./panels/alerts/alerts-view.tsx')).AlertsView })),
  replays: lazy(async () => ({ default: (await import('./panels/replays/replays-view.tsx')).ReplaysView })),
  ledger: lazy(async () => ({ default: (await import('./panels/ledger/ledger-view.tsx')).LedgerView })),
  model: lazy(async () => ({ default: (await import('./panels/model/model-view.tsx')).ModelView })),
};

const IncidentNotifier = lazy(async () => ({
  default: (await import('./notifications/incident-notifier.tsx')).IncidentNotifier,
}));

const loading = { isPending: true, isFetching: true, error: null, refetch: () => undefined };

export function App() {
  const { state, type } = useUrlState();
  const { view } = state;
  const types = useTypes();
  const { title, content } = viewWords[view];
  const Page = pages[view];
  const notifications = useNotificationChoice();
  useDocumentTitle();
  return (
    <>
      <a className={styles.skip} href="#main">
        Skip to {content}
      </a>
      <Header />
      <ContactBanner />
      <AddressNote />
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
      {notifications.isOn && (
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
