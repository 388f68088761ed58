/** Who is notified, what was sent, and what is silenced. */
export function ReceiversView() {
  return <section aria-label="Receivers" />;
}
