import { UrlLink } from '../../components/url-link.tsx';
import { useUrlState } from '../../url-state/url-state-context.ts';
import styles from './header.module.css';

const links = [
  { view: 'overview', title: 'Overview' },
  { view: 'model', title: 'Model' },
] as const;

/** The other view is of the same time; what is opened in the one that is left, is closed. */
export function ViewLinks() {
  const { view: here } = useUrlState().state;
  return (
    <nav className={styles.views} aria-label="Views">
      {links.map(({ view, title }) => (
        <UrlLink
          key={view}
          to={(state) => ({ ...state, view, reading: null, model: null })}
          current={view === here ? 'page' : undefined}
        >
          {title}
        </UrlLink>
      ))}
    </nav>
  );
}
