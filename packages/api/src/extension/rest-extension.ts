import type { PluginDefinition, Props } from '../connector.ts';

/** The state of a connector or of a task. Mirrors `AbstractState`. */
export interface HealthState {
  readonly state: string;
  readonly workerId: string;
  /** Why it failed, `null` when it has not. */
  readonly trace: string | null;
}

/** How a connector and its tasks are. Mirrors `ConnectorHealth`. */
export interface ConnectorHealth {
  readonly name: string;
  readonly type: 'source' | 'sink' | 'unknown';
  readonly connector: HealthState;
  readonly tasks: ReadonlyMap<number, HealthState>;
}

/** What an extension may know of the cluster. Mirrors `ConnectClusterState`. */
export interface ConnectClusterState {
  connectors(): Promise<readonly string[]>;
  connectorHealth(name: string): Promise<ConnectorHealth>;
  /** With secrets as references, not resolved. */
  connectorConfig(name: string): Promise<Props>;
  readonly kafkaClusterId: string;
}

/** A request as an extension sees it before the worker answers it. */
export interface RestRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** An answer that an extension gives in the worker's place. */
export interface RestResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What an extension registers with the REST server. */
export interface RestExtensionContext {
  readonly clusterState: ConnectClusterState;
  /** Runs before each request, in the order of registration; `null` lets the request pass. */
  addFilter(filter: (request: RestRequest) => Promise<RestResponse | null>): void;
  /** Answers requests of one method and path. */
  addRoute(
    method: string,
    path: string,
    answer: (request: RestRequest) => Promise<RestResponse>,
  ): void;
}

/** Adds to the REST interface (KIP-285). Mirrors `ConnectRestExtension`. */
export interface ConnectRestExtension {
  configure(props: Props): void;
  register(context: RestExtensionContext): void;
  close?(): void | Promise<void>;
}

export interface ConnectRestExtensionPlugin extends PluginDefinition<ConnectRestExtension> {
  readonly type: 'rest_extension';
}
