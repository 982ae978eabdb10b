import { ConnectError } from '@sluice/api';
import type { ConnectorConfig, ConnectorConfigInput } from '../contract/connector-config.ts';
import type {
  ErrorCount,
  LintReport,
  PreviewReport,
  PreviewRequest,
  StalledTask,
  TaskProgressInfo,
  WorkerHealthDetail,
} from '../contract/insight.ts';
import { RestError } from '../contract/rest-error.ts';
import type {
  ConfigInfos,
  ConfigKeyInfo,
  ConnectorInfo,
  ConnectorOffset,
  ConnectorOffsets,
  ConnectorStateInfo,
  ExpandedConnector,
  LoggerLevel,
  OffsetsMessage,
  PluginInfo,
  ServerInfo,
  TaskInfo,
  TaskStateInfo,
  WorkerHealth,
} from '../contract/wire.ts';

/** How a client reaches a worker. */
export interface RestClientOptions {
  /** E.g. `http://localhost:8083`; a path before Connect's own is kept. */
  readonly baseUrl: string;
  /** Sent with every request, e.g. `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long one request may take, in milliseconds; default 95,000: longer than a worker's own. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 95_000;

type Query = Readonly<Record<string, string | boolean | readonly string[]>>;

/**
 * A typed client of Connect's REST API, of ours and of Java's workers.
 *
 * Every method throws a {@link RestError} with the status and message that the worker answered, and
 * a ConnectError with the code `CONNECT_REST_UNREACHABLE` when none answers.
 */
export class RestClient {
  readonly #baseUrl: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;

  constructor(options: RestClientOptions) {
    this.#baseUrl = options.baseUrl.replace(/\/+$/, '');
    this.#headers = options.headers ?? {};
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  }

  serverInfo(): Promise<ServerInfo> {
    return this.#ask('GET', '/');
  }
  /** Answers the state whatever the status: 503 and 500 carry one too. */
  health(): Promise<WorkerHealth> {
    return this.#ask('GET', '/health', { isErrorAnAnswer: true });
  }
  connectors(): Promise<readonly string[]> {
    return this.#ask('GET', '/connectors');
  }
  /** All connectors with their status, their config, or both. */
  expandedConnectors(
    expand: readonly ('status' | 'info')[],
  ): Promise<Readonly<Record<string, ExpandedConnector>>> {
    return this.#ask('GET', '/connectors', { query: { expand } });
  }
  createConnector(request: {
    readonly name: string;
    readonly config: ConnectorConfigInput;
    readonly initialState?: 'RUNNING' | 'PAUSED' | 'STOPPED';
  }): Promise<ConnectorInfo> {
    const { name, config, initialState } = request;
    const state = initialState === undefined ? {} : { initial_state: initialState };
    return this.#ask('POST', '/connectors', { body: { name, config, ...state } });
  }
  connector(name: string): Promise<ConnectorInfo> {
    return this.#ask('GET', connectorPath(name));
  }
  connectorConfig(name: string): Promise<ConnectorConfig> {
    return this.#ask('GET', connectorPath(name, 'config'));
  }
  putConnectorConfig(name: string, config: ConnectorConfigInput): Promise<ConnectorInfo> {
    return this.#ask('PUT', connectorPath(name, 'config'), { body: config });
  }
  patchConnectorConfig(name: string, patch: ConnectorConfigInput): Promise<ConnectorInfo> {
    return this.#ask('PATCH', connectorPath(name, 'config'), { body: patch });
  }
  connectorStatus(name: string): Promise<ConnectorStateInfo> {
    return this.#ask('GET', connectorPath(name, 'status'));
  }
  tasks(name: string): Promise<readonly TaskInfo[]> {
    return this.#ask('GET', connectorPath(name, 'tasks'));
  }
  taskStatus(name: string, task: number): Promise<TaskStateInfo> {
    return this.#ask('GET', connectorPath(name, `tasks/${task}/status`));
  }
  pauseConnector(name: string): Promise<void> {
    return this.#command('PUT', connectorPath(name, 'pause'));
  }
  resumeConnector(name: string): Promise<void> {
    return this.#command('PUT', connectorPath(name, 'resume'));
  }
  stopConnector(name: string): Promise<void> {
    return this.#command('PUT', connectorPath(name, 'stop'));
  }
  deleteConnector(name: string): Promise<void> {
    return this.#command('DELETE', connectorPath(name));
  }
  /** Restarts the connector object; with a flag the planned status is answered, else null. */
  async restartConnector(
    name: string,
    flags: { readonly includeTasks?: boolean; readonly onlyFailed?: boolean } = {},
  ): Promise<ConnectorStateInfo | null> {
    const { includeTasks = false, onlyFailed = false } = flags;
    const query = { includeTasks, onlyFailed };
    const path = connectorPath(name, 'restart');
    if (includeTasks || onlyFailed) return this.#ask('POST', path, { query });
    await this.#command('POST', path);
    return null;
  }
  restartTask(name: string, task: number): Promise<void> {
    return this.#command('POST', connectorPath(name, `tasks/${task}/restart`));
  }
  /** The topics that the tasks have used (KIP-558). */
  async connectorTopics(name: string): Promise<readonly string[]> {
    const answer: Readonly<Record<string, { readonly topics: readonly string[] }>> =
      await this.#ask('GET', connectorPath(name, 'topics'));
    return answer[name]?.topics ?? [];
  }
  resetConnectorTopics(name: string): Promise<void> {
    return this.#command('PUT', connectorPath(name, 'topics/reset'));
  }
  /** Numbers beyond 2^53 lose digits here. */
  connectorOffsets(name: string): Promise<ConnectorOffsets> {
    return this.#ask('GET', connectorPath(name, 'offsets'));
  }
  /** Of a stopped connector only. */
  alterConnectorOffsets(
    name: string,
    offsets: readonly ConnectorOffset[],
  ): Promise<OffsetsMessage> {
    return this.#ask('PATCH', connectorPath(name, 'offsets'), { body: { offsets } });
  }
  /** Of a stopped connector only. */
  resetConnectorOffsets(name: string): Promise<OffsetsMessage> {
    return this.#ask('DELETE', connectorPath(name, 'offsets'));
  }
  plugins(connectorsOnly = true): Promise<readonly PluginInfo[]> {
    return this.#ask('GET', '/connector-plugins', { query: { connectorsOnly } });
  }
  pluginConfig(plugin: string): Promise<readonly ConfigKeyInfo[]> {
    return this.#ask('GET', `/connector-plugins/${encodeURIComponent(plugin)}/config`);
  }
  validateConfig(plugin: string, config: ConnectorConfigInput): Promise<ConfigInfos> {
    const path = `/connector-plugins/${encodeURIComponent(plugin)}/config/validate`;
    return this.#ask('PUT', path, { body: config });
  }
  loggers(): Promise<Readonly<Record<string, LoggerLevel>>> {
    return this.#ask('GET', '/admin/loggers');
  }
  /** Of this worker; answers the loggers whose level has changed. */
  setLogLevel(logger: string, level: string): Promise<readonly string[]> {
    return this.#ask('PUT', `/admin/loggers/${encodeURIComponent(logger)}`, { body: { level } });
  }
  /** Of every worker of the cluster (KIP-976). */
  setClusterLogLevel(logger: string, level: string): Promise<void> {
    const path = `/admin/loggers/${encodeURIComponent(logger)}?scope=cluster`;
    return this.#command('PUT', path, { level });
  }

  /** Sluice's workers only, as all that follows. */
  healthDetail(): Promise<WorkerHealthDetail> {
    return this.#ask('GET', '/sluice/v1/health');
  }
  progress(connector: string): Promise<readonly TaskProgressInfo[]> {
    return this.#ask('GET', `/sluice/v1/connectors/${encodeURIComponent(connector)}/progress`);
  }
  stalledTasks(): Promise<readonly StalledTask[]> {
    return this.#ask('GET', '/sluice/v1/stalled-tasks');
  }
  /** @param connector null for all */
  errorCounts(connector: string | null = null): Promise<readonly ErrorCount[]> {
    const query = connector === null ? {} : { query: { connector } };
    return this.#ask('GET', '/sluice/v1/errors', query);
  }
  lint(config: ConnectorConfigInput): Promise<LintReport> {
    return this.#ask('POST', '/sluice/v1/lint', { body: config });
  }
  preview(request: PreviewRequest): Promise<PreviewReport> {
    return this.#ask('POST', '/sluice/v1/preview', { body: request });
  }

  /** What a worker answers is trusted to have the shape that the API promises. */
  async #ask<T>(
    method: string,
    path: string,
    options: { query?: Query; body?: unknown; isErrorAnAnswer?: boolean } = {},
  ): Promise<T> {
    const response = await this.#send(method, path, options);
    const text = await response.text();
    if (!response.ok && options.isErrorAnAnswer !== true) throw answeredError(response, text);
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      throw new ConnectError(
        `${method} ${response.url} was answered with ${response.status} and no JSON: is this ` +
          `the REST port of a Connect worker?`,
        { code: 'CONNECT_REST_NO_JSON', cause: error },
      );
    }
  }

  async #command(method: string, path: string, body?: unknown): Promise<void> {
    const response = await this.#send(method, path, body === undefined ? {} : { body });
    const text = await response.text();
    if (!response.ok) throw answeredError(response, text);
  }

  async #send(
    method: string,
    path: string,
    options: { readonly query?: Query; readonly body?: unknown },
  ): Promise<Response> {
    const url = `${this.#baseUrl}${path}${queryText(options.query)}`;
    const hasBody = options.body !== undefined;
    try {
      return await fetch(url, {
        method,
        headers: {
          accept: 'application/json',
          ...(hasBody ? { 'content-type': 'application/json' } : {}),
          ...this.#headers,
        },
        ...(hasBody ? { body: JSON.stringify(options.body) } : {}),
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
    } catch (error) {
      const why = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const reason = why instanceof Error ? why.message : String(why);
      throw new ConnectError(
        `${method} ${url} got no answer: ${reason}. Is the worker running and the URL right?`,
        { code: 'CONNECT_REST_UNREACHABLE', cause: error },
      );
    }
  }
}

function connectorPath(name: string, rest?: string): string {
  const path = `/connectors/${encodeURIComponent(name)}`;
  return rest === undefined ? path : `${path}/${rest}`;
}

function queryText(query: Query | undefined): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {}))
    for (const each of typeof value === 'object' ? value : [String(value)])
      parameters.append(key, each);
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}

function answeredError(response: Response, text: string): RestError {
  return new RestError(response.status, messageIn(text) ?? `HTTP ${response.status}: ${text}`);
}

function messageIn(text: string): string | null {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'message' in body) return String(body.message);
  } catch {
    // Not JSON: an error page of something in between, shown as it is.
  }
  return null;
}
