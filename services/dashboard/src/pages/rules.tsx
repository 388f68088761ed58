/** The rules that raise incidents, and what a rule would have raised. */
export function RulesView() {
  return <section aria-label="Rules" />;
}
