import { UrlLink } from '../../features/url-state/url-link.tsx';
import { useUrlState } from '../../features/url-state/url-state-context.ts';
import { views, viewWords } from '../../features/url-state/views.ts';
import styles from './view-links.module.css';

/** Links keep the time window, and close the reading or model that is open. */
export function ViewLinks() {
  const { view: here } = useUrlState().state;
  return (
    <nav className={styles.views} aria-label="Views">
      {views.map((view) => (
        <UrlLink
          key={view}
          to={(state) => ({ ...state, view, reading: null, model: null })}
          current={view === here ? 'page' : undefined}
        >
          {viewWords[view].title}
        </UrlLink>
      ))}
    </nav>
  );
}
