import type { ListedRule } from '@sensor-sentinel/contracts';
import { lazy, Suspense, useState } from 'react';
import { Panel } from '../features/panel/panel.tsx';
import { PanelFallback } from '../features/panel/panel-fallback.tsx';
import styles from '../features/rules/rules.module.css';
import { RulesPanel } from '../features/rules/rules-panel.tsx';
import { useRules } from '../features/rules/use-rules.ts';
import { UrlLink } from '../features/url-state/url-link.tsx';
import { useSensorType, useUrlState } from '../features/url-state/url-state-context.ts';
import { Empty } from '../ui/empty.tsx';

// With the charts, which are large.
const RuleEditor = lazy(async () => ({
  default: (await import('../features/rules/rule-editor.tsx')).RuleEditor,
}));

const loading = { isFetching: true, error: null, refetch: () => undefined };

/** The rules that raise incidents; one of them, or a new one, in the editor with what it would have raised. */
export function RulesView() {
  const { state } = useUrlState();
  const query = useRules();
  const [note, setNote] = useState<string | null>(null);
  const answer = query.data;
  const isOpen = state.newRule || state.rule !== null;
  const open = state.newRule ? 'new' : `rule ${state.rule}`;
  const [openAtFirst] = useState(open);
  const { stored, isGone } = useOpenRule(answer?.rules ?? []);
  return (
    <div className={styles.page}>
      {answer === undefined ? (
        <PanelFallback title="Rules" query={query} bones={{ count: 3, height: 60 }} />
      ) : !isOpen ? (
        <RulesPanel query={{ ...query, isHeld: true }} answer={answer} note={note} onNote={setNote} />
      ) : stored === null && !state.newRule ? (
        <Panel title="Rules" query={{ ...query, isHeld: true }}>
          <Empty title={`There is no rule “${state.rule}”`}>
            <UrlLink to={(url) => ({ ...url, rule: null })}>All rules</UrlLink>
          </Empty>
        </Panel>
      ) : (
        <Suspense fallback={<PanelFallback title="Rule" query={loading} bones={{ count: 3, height: 120 }} />}>
          <RuleEditor
            key={open}
            stored={state.newRule ? null : stored}
            isGone={isGone}
            rules={answer.rules}
            takesFocus={open !== openAtFirst}
            onSaved={(name) => setNote(`“${name}” is saved. It applies to the readings from now on.`)}
          />
        </Suspense>
      )}
    </div>
  );
}

/** The rule that the URL names; if it is deleted while it is open, as it was last. */
function useOpenRule(rules: readonly ListedRule[]) {
  const { rule: name } = useUrlState().state;
  const type = useSensorType();
  const found = rules.find((rule) => rule.name === name && rule.type === type.name);
  const [last, setLast] = useState(found);
  if (found !== undefined && found !== last) setLast(found);
  const stored = found ?? (last?.name === name ? last : undefined);
  return { stored: stored ?? null, isGone: stored !== undefined && found === undefined };
}
