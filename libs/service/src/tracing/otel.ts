import { correlationIn, TRACEPARENT, type ChunkWork, type HandlerWork, type NewRecord } from '@linli/bus';
import { within } from '@linli/kernel';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Link,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { traceRequests } from './trace-requests.js';
import type { Tracing } from './tracing.js';

const CLOSE_WITHIN_MS = 3_000;
/** More would cost more than they tell. */
const MOST_LINKS = 64;

export interface Traced {
  readonly service: string;
  /** `messaging_system` of the conventions. */
  readonly system: string;
  /** Base URL of an OTLP/HTTP collector. */
  readonly endpoint: string;
}

const traceparentOf = (of: Context): string | null => {
  const carrier: Record<string, string> = {};
  propagation.inject(of, carrier);
  return carrier[TRACEPARENT] ?? null;
};

const contextOf = (traceparent: string): Context =>
  propagation.extract(ROOT_CONTEXT, { [TRACEPARENT]: traceparent });

const linksTo = (traceparents: Iterable<string>): Link[] =>
  [...traceparents].slice(0, MOST_LINKS).flatMap((traceparent): Link[] => {
    const found = trace.getSpanContext(contextOf(traceparent));
    return found ? [{ context: found }] : [];
  });

const tracesIn = (records: readonly Pick<NewRecord, 'headers'>[]): Set<string> =>
  new Set(records.flatMap(({ headers }) => headers[TRACEPARENT] ?? []));

/** Puts a record in a trace, unless it was told in another. */
const carrying =
  (own: string, present: string | null) =>
  (record: NewRecord): NewRecord => {
    const told = record.headers[TRACEPARENT];
    return told !== undefined && told !== present
      ? record
      : { ...record, headers: { ...record.headers, [TRACEPARENT]: own } };
  };

/** Runs work inside a span and ends it with what came of it. */
const inside = async <T>(span: Span, parent: Context, run: () => Promise<T>): Promise<T> => {
  try {
    return await context.with(trace.setSpan(parent, span), run);
  } catch (error) {
    span.setAttribute('error.type', error instanceof Error ? error.name : 'OTHER');
    span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
    throw error;
  } finally {
    span.end();
  }
};

class OtelTracing implements Tracing {
  private readonly tracer: Tracer;

  constructor(
    private readonly provider: NodeTracerProvider,
    private readonly system: string,
  ) {
    this.tracer = provider.getTracer('linli');
  }

  requests(fastify: Parameters<Tracing['requests']>[0]): void {
    traceRequests(fastify, this.tracer);
  }

  publish(...[topic, records, send]: Parameters<Tracing['publish']>): Promise<void> {
    const parent = context.active();
    const present = traceparentOf(parent);
    // What was told earlier, elsewhere, stays in its own trace: the relay only links to it.
    const earlier = [...tracesIn(records)].filter((traceparent) => traceparent !== present);
    const attributes = this.about(topic, 'send', 'send', records.length);
    const options = { kind: SpanKind.PRODUCER, links: linksTo(earlier), attributes };
    const span = this.tracer.startSpan(`send ${topic}`, options, parent);
    const own = traceparentOf(trace.setSpan(parent, span));
    return inside(span, parent, () => send(own === null ? records : records.map(carrying(own, present))));
  }

  chunk<T>({ group, topic, partitions, items, ...work }: ChunkWork, run: () => Promise<T>): Promise<T> {
    const records = work.records();
    const traces = tracesIn(records);
    const [only] = traces;
    // Of many traces a chunk is in none; links tell which.
    const parent = traces.size === 1 && only !== undefined ? contextOf(only) : ROOT_CONTEXT;
    const attributes = {
      ...this.about(topic, 'process', 'process', items),
      'messaging.consumer.group.name': group,
      'messaging.destination.partition.id': partitions.join(','),
      ...(partitions.length === 1 && { 'messaging.kafka.offset': records[0]?.offset ?? 0 }),
      'linli.correlation_ids': [
        ...new Set(records.slice(0, MOST_LINKS).flatMap((r) => correlationIn(r) ?? [])),
      ],
    };
    const options = { kind: SpanKind.CONSUMER, links: linksTo(traces), attributes };
    return inside(this.tracer.startSpan(`process ${topic}`, options, parent), parent, run);
  }

  handler<T>({ type, topic, correlationId, traceparent }: HandlerWork, run: () => Promise<T>): Promise<T> {
    const parent = traceparent === null ? context.active() : contextOf(traceparent);
    const chunk = trace.getSpanContext(context.active());
    const attributes = {
      ...this.about(topic, 'process', 'handle'),
      'linli.message.type': type,
      'linli.correlation_id': correlationId,
    };
    const links = chunk ? [{ context: chunk }] : [];
    const span = this.tracer.startSpan(
      `handle ${type}`,
      { kind: SpanKind.CONSUMER, links, attributes },
      parent,
    );
    return inside(span, parent, run);
  }

  traceparent(): string | null {
    return traceparentOf(context.active());
  }

  async close(): Promise<void> {
    await within(CLOSE_WITHIN_MS, this.provider.shutdown());
  }

  private about(topic: string, type: string, name: string, count?: number): Attributes {
    return {
      'messaging.system': this.system,
      'messaging.destination.name': topic,
      'messaging.operation.type': type,
      'messaging.operation.name': name,
      ...(count !== undefined && { 'messaging.batch.message_count': count }),
    };
  }
}

/**
 * Traces of one service, sent to an OTLP/HTTP collector. The standard variables of OpenTelemetry apply (sampler, batch
 * sizes, headers, resource attributes); the name of the service is its own.
 */
export const openTracing = ({ service, system, endpoint }: Traced): Tracing => {
  const named = resourceFromAttributes({ 'service.name': service, 'service.namespace': 'linli' });
  const provider = new NodeTracerProvider({
    resource: detectResources({ detectors: [envDetector] }).merge(named),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }))],
  });
  provider.register();
  return new OtelTracing(provider, system);
};
