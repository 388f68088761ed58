import styles from './app.module.css';
import { useDocumentTitle } from './document-title.ts';
import { AlertBox } from './panels/alert/alert-box.tsx';
import { DistributionPanel } from './panels/distribution/distribution-panel.tsx';
import { AddressNote } from './panels/header/address-note.tsx';
import { ContactBanner } from './panels/header/contact-banner.tsx';
import { Header } from './panels/header/header.tsx';
import { ModelFootnote } from './panels/model/model-footnote.tsx';
import { ReadingsPanel } from './panels/readings/readings-panel.tsx';
import { SeriesPanel } from './panels/series/series-panel.tsx';
import { StatisticsPanel } from './panels/statistics/statistics-panel.tsx';

export function App() {
  useDocumentTitle();
  return (
    <>
      <a className={styles.skip} href="#main">
        Skip to the readings
      </a>
      <Header />
      <ContactBanner />
      <AddressNote />
      <main id="main" tabIndex={-1} className={styles.main}>
        <div className={styles.alert}>
          <AlertBox />
        </div>
        <div className={styles.statistics}>
          <StatisticsPanel />
        </div>
        <div className={styles.distribution}>
          <DistributionPanel />
        </div>
        <div className={styles.series}>
          <SeriesPanel />
        </div>
        <div className={styles.readings}>
          <ReadingsPanel />
        </div>
      </main>
      <ModelFootnote />
    </>
  );
}
