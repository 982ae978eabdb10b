import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectError, type ConfigOrigins, type Logger, type Props } from '@sluice/api';
import { createAdmin, silentLogger } from '@sluice/kafka/admin';
import { valueMessage } from '@sluice/runtime';

/** What the look-up needs; the defaults are what a worker uses. */
export interface ClusterIdOptions {
  /** The worker's properties: admin clients inherit those without a prefix (R2.24). */
  readonly props: Props;
  /** Where `bootstrap.servers` stands, for the message. */
  readonly propsFile: string;
  /** Where each of them comes from. */
  readonly origins: ConfigOrigins;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** How often it says that it is still trying. */
  readonly reportEveryMs?: number;
  readonly clock?: () => number;
}

const TIMEOUT_MS = 60_000;
const REPORT_EVERY_MS = 5000;
const RETRY_MS = 500;
const ADMIN_PREFIX = 'admin.';
const CLIENT_PREFIXES = ['producer.', 'consumer.', ADMIN_PREFIX];

/**
 * Asks the cluster for its id, as Java does before anything else: for `default.api.timeout.ms` (60
 * seconds), saying every few seconds what is tried and which key to change.
 *
 * @throws ConnectError with the code `CONNECT_KAFKA_UNREACHABLE`
 */
export async function kafkaClusterId(options: ClusterIdOptions): Promise<string> {
  const { props, logger, signal } = options;
  const clock = options.clock ?? Date.now;
  const timeoutMs = Number(
    props['admin.default.api.timeout.ms'] ?? props['default.api.timeout.ms'] ?? TIMEOUT_MS,
  );
  const servers = props['bootstrap.servers'] ?? 'localhost:9092';
  const advice =
    'If that is not where your brokers are, change "bootstrap.servers" in ' +
    `${options.propsFile}.`;
  const beganMs = clock();
  let lastError: unknown = null;
  const seconds = (): number => Math.round((clock() - beganMs) / 1000);
  const report = setInterval(() => {
    logger.warn(
      `No broker has answered at bootstrap.servers=${servers} for ${seconds()} s ` +
        `(giving up after ${Math.round(timeoutMs / 1000)} s)${because(lastError)}. ${advice}`,
    );
  }, options.reportEveryMs ?? REPORT_EVERY_MS);
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    while (!deadline.aborted) {
      try {
        return await ask(props, deadline, (error) => {
          lastError = error;
        });
      } catch (error) {
        if (isFatal(error)) {
          throw unreachable(servers, told(error, options.origins), seconds(), advice);
        }
        lastError = deadline.aborted ? (lastError ?? error) : error;
      }
      await sleep(RETRY_MS, undefined, { signal: deadline }).catch(() => undefined);
    }
  } finally {
    clearInterval(report);
  }
  signal.throwIfAborted();
  throw unreachable(servers, lastError, seconds(), advice);
}

async function ask(
  props: Props,
  signal: AbortSignal,
  onProblem: (problem: unknown) => void,
): Promise<string> {
  const own = Object.entries(props)
    .filter(([key]) => key.startsWith(ADMIN_PREFIX))
    .map(([key, value]): [string, string] => [key.slice(ADMIN_PREFIX.length), value]);
  const inherited = Object.entries(props).filter(
    ([key]) => !CLIENT_PREFIXES.some((prefix) => key.startsWith(prefix)),
  );
  const config = Object.fromEntries([...inherited, ...own]);
  // What the client logs of connections is told here, in one line every few seconds.
  // What it says of the worker's keys while it is made is no reason why nobody answers.
  let isMade = false;
  const note = (message: string): void => {
    if (isMade) onProblem(new ConnectError(message));
  };
  const admin = createAdmin(config, { logger: { ...silentLogger, warn: note, error: note } });
  isMade = true;
  try {
    return (await admin.describeCluster(signal)).clusterId;
  } finally {
    await admin.close();
  }
}

/** A client's error about a key, which only its text names, with where the value was written. */
function told(error: unknown, origins: ConfigOrigins): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const key = / for configuration ([\w.-]+)/.exec(message)?.[1];
  const origin = key === undefined ? undefined : adminOrigins(origins).get(key);
  if (key === undefined || origin === undefined) return error;
  return new ConnectError(valueMessage(message, key, origin), { code: 'CONNECT_CONFIG' });
}

/** By the keys of the admin client, which sees those with its prefix without it. */
function adminOrigins(origins: ConfigOrigins): ConfigOrigins {
  const own = [...origins].filter(([key]) => key.startsWith(ADMIN_PREFIX));
  return new Map([
    ...origins,
    ...own.map(([key, origin]) => [key.slice(ADMIN_PREFIX.length), origin] as const),
  ]);
}

/** A config that can't be right does not become right by waiting. */
function isFatal(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConfigError';
}

function unreachable(
  servers: string,
  cause: unknown,
  seconds: number,
  advice: string,
): ConnectError {
  return new ConnectError(
    "Failed to connect to and describe Kafka cluster. Check worker's broker connection and " +
      `security properties. Tried bootstrap.servers=${servers} for ${seconds} s` +
      `${because(cause)}. ${advice}`,
    { code: 'CONNECT_KAFKA_UNREACHABLE', cause },
  );
}

function because(error: unknown): string {
  return error instanceof Error ? `: ${error.message}` : '';
}
