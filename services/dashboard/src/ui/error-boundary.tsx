import { Component, type ReactNode } from 'react';
import styles from './panel.module.css';

interface ErrorBoundaryProps {
  title: string;
  children: ReactNode;
}

export class ErrorBoundary extends Component<ErrorBoundaryProps, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <section className={styles.panel} aria-label={this.props.title}>
        <h2 className={styles.title}>{this.props.title}</h2>
        <div className={styles.message} role="alert">
          <p>
            <strong>This part of the page could not be rendered.</strong> {error.message}
          </p>
          <button type="button" onClick={() => this.setState({ error: null })}>
            Try again
          </button>
          <button type="button" onClick={() => window.location.reload()}>
            Reload the page
          </button>
        </div>
      </section>
    );
  }
}
