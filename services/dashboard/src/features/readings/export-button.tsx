import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import type { QueryParameters } from '../../api/query-parameters.ts';
import { formatBytes } from '../../ui/format-bytes.ts';
import styles from './readings-panel.module.css';

function save(blob: Blob) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = 'readings.csv';
  link.click();
  URL.revokeObjectURL(link.href);
}

interface ExportButtonProps {
  params: QueryParameters;
  /** The end of a live window, so that the link keeps returning the same readings. */
  requestedAt: string | undefined;
}

/** Exports all readings that match the table, loaded or not, as CSV. */
export function ExportButton({ params, requestedAt }: ExportButtonProps) {
  const api = useApi();
  const [loaded, setLoaded] = useState(0);
  const stop = useRef<AbortController>(undefined);
  const download = useMutation({
    networkMode: 'always',
    mutationFn: () => {
      setLoaded(0);
      stop.current = new AbortController();
      return api.exportReadings({ params, signal: stop.current.signal, onProgress: setLoaded });
    },
    onSuccess: save,
  });
  const isStopped = stop.current?.signal.aborted === true;
  return (
    <>
      <button type="button" onClick={() => (download.isPending ? stop.current?.abort() : download.mutate())}>
        {download.isPending ? `Cancel export (${formatBytes(loaded)})` : 'Export CSV'}
      </button>
      <a
        className={styles.link}
        download="readings.csv"
        href={api.toExportUrl({ ...params, to: params.to ?? requestedAt })}
        title="Link to this export, for copying"
      >
        CSV link
      </a>
      {download.isError && !isStopped && (
        <span role="alert" className={styles.fault}>
          Export failed: {download.error.message}
        </span>
      )}
    </>
  );
}
