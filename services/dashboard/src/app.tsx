import { lazy, Suspense } from 'react';
import styles from './app.module.css';
import { ErrorBoundary } from './components/error-boundary.tsx';
import { PanelFallback } from './components/panel-fallback.tsx';
import { useDocumentTitle } from './document-title.ts';
import { Overview } from './overview.tsx';
import { AddressNote } from './panels/header/address-note.tsx';
import { ContactBanner } from './panels/header/contact-banner.tsx';
import { Header } from './panels/header/header.tsx';
import { ModelFootnote } from './panels/model/model-footnote.tsx';
import { useUrlState } from './url-state/url-state-context.ts';

const LazyModelView = lazy(async () => ({
  default: (await import('./panels/model/model-view.tsx')).ModelView,
}));

const underWay = { isPending: true, isFetching: true, error: null, refetch: () => undefined };

export function App() {
  const { view } = useUrlState().state;
  useDocumentTitle();
  return (
    <>
      <a className={styles.skip} href="#main">
        {view === 'model' ? 'Skip to the model' : 'Skip to the readings'}
      </a>
      <Header />
      <ContactBanner />
      <AddressNote />
      <main id="main" tabIndex={-1} className={styles.main}>
        {view === 'model' ? (
          <ErrorBoundary title="Model">
            <Suspense
              fallback={<PanelFallback title="Model" query={underWay} bones={{ count: 3, height: 120 }} />}
            >
              <LazyModelView />
            </Suspense>
          </ErrorBoundary>
        ) : (
          <Overview />
        )}
      </main>
      <ModelFootnote />
    </>
  );
}
