import type { ClientMetric } from './client-metric.ts';
import type { Meter } from './meter.ts';
import { type MetricTable, type MetricsRegistry, readTable } from './metrics-registry.ts';

/** Told by one connection what goes over it. All it needs to know of metrics. */
export interface ConnectionMeters {
  /** A request left. */
  sent(bytes: number): void;
  /** An answer came, so long after its request. */
  answered(bytes: number, latencyMs: number): void;
  /** The connection ended. To be called once. */
  closed(): void;
}

interface Traffic {
  /** Bytes of requests. */
  readonly out: Meter;
  /** Bytes of answers. */
  readonly in: Meter;
}

/** One broker's share. */
interface NodeTraffic extends Traffic {
  readonly latency: Meter;
}

/**
 * What goes over the network: in `consumer-metrics` and `consumer-node-metrics`, or under `producer` and `admin-client`.
 * Mirrors Java's `Selector.SelectorMetrics`, without what only a selector has (`select-*`, `io-*`).
 */
export class NetworkMetrics {
  readonly #registry: MetricsRegistry;
  readonly #prefix: string;
  readonly #clientId: string;
  readonly #all: Traffic;
  readonly #nodes = new Map<string, NodeTraffic>();
  readonly #opened: Meter;
  readonly #closed: Meter;

  /** `prefix`: `consumer`, `producer`, `admin-client` or `connect`. */
  constructor(registry: MetricsRegistry, prefix: string, clientId: string) {
    this.#registry = registry;
    this.#prefix = prefix;
    this.#clientId = clientId;
    this.#all = { out: registry.meter(), in: registry.meter() };
    this.#opened = registry.meter();
    this.#closed = registry.meter();
    registry.add(
      `${prefix}-metrics`,
      { 'client-id': clientId },
      { ...trafficTable(this.#all), ...this.#own() },
    );
    registry.addSource(() => this.#perNode());
  }

  /** A connection was opened. `nodeId`: as Java writes it, `node-1`; `node--1` for one of the bootstrap list. */
  opened(nodeId: string): ConnectionMeters {
    this.#opened.record(1);
    const node = this.#node(nodeId);
    const all = this.#all;
    return {
      sent: (bytes) => {
        this.#registry.tick();
        all.out.record(bytes);
        node.out.record(bytes);
      },
      answered: (bytes, latencyMs) => {
        all.in.record(bytes);
        node.in.record(bytes);
        node.latency.record(latencyMs);
      },
      closed: () => this.#closed.record(1),
    };
  }

  #node(nodeId: string): NodeTraffic {
    const known = this.#nodes.get(nodeId);
    if (known !== undefined) return known;
    const registry = this.#registry;
    const node = { out: registry.meter(), in: registry.meter(), latency: registry.meter() };
    this.#nodes.set(nodeId, node);
    return node;
  }

  #own(): MetricTable {
    const all = this.#all;
    return {
      'connection-count': ['Open connections', () => this.#opened.count - this.#closed.count],
      'connection-creation-rate': ['Connections opened per second', () => this.#opened.rate],
      'connection-creation-total': ['Connections opened', () => this.#opened.total],
      'connection-close-rate': ['Connections ended per second', () => this.#closed.rate],
      'connection-close-total': ['Connections ended', () => this.#closed.total],
      'network-io-rate': [
        'Requests and answers per second',
        () => all.out.countRate + all.in.countRate,
      ],
      'network-io-total': ['Requests and answers', () => all.out.count + all.in.count],
    };
  }

  *#perNode(): Iterable<ClientMetric> {
    for (const [node, traffic] of this.#nodes) {
      const tags = { 'client-id': this.#clientId, 'node-id': node };
      yield* readTable(`${this.#prefix}-node-metrics`, tags, {
        ...trafficTable(traffic),
        'request-latency-avg': ['Average time to an answer, ms', () => traffic.latency.avg],
        'request-latency-max': ['Longest time to an answer, ms', () => traffic.latency.max],
      });
    }
  }
}

function trafficTable(traffic: Traffic): MetricTable {
  const { out } = traffic;
  return {
    'outgoing-byte-rate': ['Bytes sent per second', () => out.rate],
    'outgoing-byte-total': ['Bytes sent', () => out.total],
    'request-rate': ['Requests sent per second', () => out.countRate],
    'request-total': ['Requests sent', () => out.count],
    'request-size-avg': ['Average bytes of a request', () => out.avg],
    'request-size-max': ['Most bytes of a request', () => out.max],
    'incoming-byte-rate': ['Bytes received per second', () => traffic.in.rate],
    'incoming-byte-total': ['Bytes received', () => traffic.in.total],
    'response-rate': ['Answers received per second', () => traffic.in.countRate],
    'response-total': ['Answers received', () => traffic.in.count],
  };
}
