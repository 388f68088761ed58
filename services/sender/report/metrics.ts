import { createServer } from 'node:http';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { countNames, type Measures } from '../load/measures.ts';

/** From half a millisecond to ten seconds. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The metrics of a run for Prometheus. */
export function createMetrics(measures: Measures): Registry {
  const registry = new Registry();
  const registers = [registry];
  new Counter({
    name: 'sender_readings_total',
    help: 'Readings by outcome.',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset();
      for (const [outcome, name] of Object.entries(countNames)) this.inc({ outcome }, measures.counts[name]);
    },
  });
  addCounter(registers, 'sender_readings_offered_total', {
    help: 'Readings that fell due.',
    count: () => measures.counts.offered,
  });
  addCounter(registers, 'sender_readings_duplicate_total', {
    help: 'Accepted readings that an earlier request had stored.',
    count: () => measures.counts.duplicates,
  });
  addCounter(registers, 'sender_readings_replayed_total', {
    help: 'The old name of sender_readings_duplicate_total, until 1.0.',
    count: () => measures.counts.duplicates,
  });
  addCounter(registers, 'sender_requests_total', {
    help: 'Requests to POST /predict, without retries.',
    count: () => measures.counts.requests,
  });
  addCounter(registers, 'sender_retries_total', {
    help: 'Retried attempts.',
    count: () => measures.counts.retries,
  });
  new Counter({
    name: 'sender_shed_total',
    help: 'Answers with status 429 or 503.',
    labelNames: ['status'],
    registers,
    collect() {
      this.reset();
      this.inc({ status: '429' }, measures.counts.shed_429);
      this.inc({ status: '503' }, measures.counts.shed_503);
    },
  });
  new Gauge({
    name: 'sender_event_loop_utilization',
    help: 'Share of time that the event loop was busy since the start.',
    registers,
    collect() {
      this.set(measures.report().event_loop_utilization);
    },
  });
  addTimes(registers, measures);
  return registry;
}

interface CounterOptions {
  help: string;
  count: () => number;
}

function addCounter(registers: Registry[], name: string, { help, count }: CounterOptions): void {
  new Counter({
    name,
    help,
    registers,
    collect() {
      this.reset();
      this.inc(count());
    },
  });
}

function addTimes(registers: Registry[], measures: Measures): void {
  const histogram = (name: string, help: string) => new Histogram({ name, help, buckets, registers });
  const latency = histogram(
    'sender_latency_seconds',
    'Time from when a reading was meant to be sent to its answer.',
  );
  const service = histogram('sender_request_duration_seconds', 'Time from the last attempt to its answer.');
  const lag = histogram(
    'sender_schedule_lag_seconds',
    'How late a reading was sent although a connection was free.',
  );
  measures.observe({
    onAnswer: (times) => {
      latency.observe(times.latency);
      service.observe(times.service);
    },
    onStart: (seconds) => lag.observe(seconds),
  });
}

interface MetricsServerOptions {
  registry: Registry;
  host: string;
  port: number;
}

/** The metrics port cannot be used. */
export class MetricsFault extends Error {}

/** Answers `GET /metrics`. With port 0, the system picks a free port. @throws MetricsFault */
export async function serveMetrics({ registry, host, port }: MetricsServerOptions) {
  const server = createServer(async (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': registry.contentType }).end(await registry.metrics());
  });
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) =>
      reject(
        new MetricsFault(
          `SENDER_METRICS_PORT / --metrics-port: cannot listen on ${host}:${port} (${error.code}); use another port, or 0 for none`,
        ),
      );
    server.once('error', refuse).listen(port, host, resolve);
  });
  server.unref();
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
