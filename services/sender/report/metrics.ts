import { createServer } from 'node:http';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Measures } from './measures.ts';
import { countNames } from './outcome-counts.ts';

/** From half a millisecond to ten seconds. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What Prometheus is told of a run. */
export function createMetrics(measures: Measures): Registry {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  new Counter({
    name: 'sender_readings_total',
    help: 'Readings by what became of them.',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset();
      for (const [outcome, name] of Object.entries(countNames)) this.inc({ outcome }, measures.counts[name]);
    },
  });
  addCounter(registers, 'sender_readings_offered_total', {
    help: 'Readings that were due.',
    count: () => measures.counts.offered,
  });
  addCounter(registers, 'sender_readings_replayed_total', {
    help: 'Accepted readings that were stored before.',
    count: () => measures.counts.replayed,
  });
  addCounter(registers, 'sender_requests_total', {
    help: 'Requests to POST /predict, repetitions not among them.',
    count: () => measures.counts.requests,
  });
  addCounter(registers, 'sender_retries_total', {
    help: 'Attempts that were repeated.',
    count: () => measures.counts.retries,
  });
  new Counter({
    name: 'sender_shed_total',
    help: 'Answers 429 and 503.',
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
    help: 'Share of time that the event loop was busy, since the beginning.',
    registers,
    collect() {
      this.set(measures.report().event_loop_utilization);
    },
  });
  addTimes(registers, measures);
  return registry;
}

type CounterOptions = { help: string; count: () => number };

function addCounter(registers: Registry[], name: string, { help, count }: CounterOptions): void {
  new Counter({
    ...{ name, help, registers },
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
    'From when a reading was meant to be sent to its answer.',
  );
  const service = histogram('sender_request_duration_seconds', 'From the last attempt to the answer.');
  const lag = histogram(
    'sender_schedule_lag_seconds',
    'How late a reading went out though a connection was free.',
  );
  measures.observe({
    onOutcome: () => undefined,
    onAnswer: (times) => {
      latency.observe(times.latency);
      service.observe(times.service);
    },
    onStart: (seconds) => lag.observe(seconds),
  });
}

type Serving = { registry: Registry; host: string; port: number };

/** The port of the metrics cannot be had. */
export class MetricsFault extends Error {}

/** `GET /metrics`; port 0 takes any. @throws MetricsFault */
export async function serveMetrics({ registry, host, port }: Serving) {
  const server = createServer(async (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': registry.contentType }).end(await registry.metrics());
  });
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) =>
      reject(
        new MetricsFault(
          `SENDER_METRICS_PORT / --metrics-port: cannot listen on ${host}:${port} (${error.code}); name another port, or 0 for none`,
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
