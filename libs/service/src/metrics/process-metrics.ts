import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { definitions, processDefinitions, type Definition, type MetricName } from './definitions.js';

type MeterOf<D extends Definition> = D['type'] extends 'counter'
  ? Counter
  : D['type'] extends 'gauge'
    ? Gauge
    : Histogram;
export type Meters = { readonly [Name in MetricName]: MeterOf<(typeof definitions)[Name]> };

const RESOLUTION_MS = 20;

const meterOf = (name: string, { type, labels, help, buckets }: Definition, register: Registry) => {
  const options = { name, help, labelNames: ['service', ...labels], registers: [register] };
  if (type === 'counter') return new Counter(options);
  return type === 'gauge' ? new Gauge(options) : new Histogram({ ...options, buckets: [...(buckets ?? [])] });
};

const eventLoopDelay = (register: Registry): void => {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const [p99, max] = Object.entries(processDefinitions).map(
    ([name, { help }]) => new Gauge({ name, help, registers: [register] }),
  );
  const seconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1e3);
  Object.assign(p99 as object, {
    collect: () => {
      p99?.set(delays.count === 0 ? 0 : seconds(delays.percentile(99)));
      max?.set(delays.count === 0 ? 0 : seconds(delays.max));
      delays.reset();
    },
  });
};

/** The one page of a process: what it is itself, and all its services, each by its label. */
export class ProcessMetrics {
  readonly meters: Meters;
  readonly contentType: string;
  private readonly register = new Registry();
  private readonly refreshing = new Map<string, () => Promise<void>>();

  constructor() {
    collectDefaultMetrics({ register: this.register, eventLoopMonitoringPrecision: 100 });
    eventLoopDelay(this.register);
    this.meters = Object.fromEntries(
      Object.entries(definitions).map(([name, definition]) => [
        name,
        meterOf(name, definition, this.register),
      ]),
    ) as unknown as Meters;
    this.contentType = this.register.contentType;
  }

  /** Before a page is written, what a service has to look up is looked up. */
  refreshWith(service: string, refresh: () => Promise<void>): void {
    this.refreshing.set(service, refresh);
  }

  forget(service: string): void {
    this.refreshing.delete(service);
  }

  async page(): Promise<string> {
    // What cannot be looked up keeps its last value: without a database the page must still be served.
    await Promise.all([...this.refreshing.values()].map((refresh) => refresh().catch(() => undefined)));
    return this.register.metrics();
  }
}
