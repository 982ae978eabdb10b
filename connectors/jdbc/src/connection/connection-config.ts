import {
  ConfigDef,
  ConfigError,
  atLeast,
  lambdaValidator,
  type ConfigKeySpec,
  type Logger,
  type Props,
} from '@sluice/api';
import { dialectOf } from '../dialect/dialects.ts';
import { parseJdbcUrl } from '../url/jdbc-url.ts';
import type { Database } from './open-connection.ts';

const PREFIX = 'connection.';
/** Keys that are the connector's own; every other `connection.*` key goes to the driver. */
const OWN_KEYS: ReadonlySet<string> = new Set([
  'connection.url',
  'connection.user',
  'connection.username',
  'connection.password',
  'connection.attempts',
  'connection.backoff.ms',
]);
/** As long as a server may take to accept a session, unless the URL says otherwise. */
const CONNECT_TIMEOUT_MS = 10_000;

type RequiredText = ConfigKeySpec & { readonly type: 'STRING' };
type OptionalText = ConfigKeySpec & { readonly type: 'STRING'; readonly default: null };

/** The keys of every JDBC connector, so that a ConfigDef knows their types. */
export type ConnectionKeys = {
  readonly 'connection.url': RequiredText;
  readonly 'connection.user': OptionalText;
  readonly 'connection.password': ConfigKeySpec & {
    readonly type: 'PASSWORD';
    readonly default: null;
  };
  readonly 'connection.attempts': ConfigKeySpec & { readonly type: 'INT' };
  readonly 'connection.backoff.ms': ConfigKeySpec & { readonly type: 'LONG' };
  readonly 'dialect.name': RequiredText;
};

/**
 * The keys of every JDBC connector, to be spread into its ConfigDef.
 *
 * @param purpose - what the database is to the connector, for the documentation
 */
export function connectionKeys(purpose: string): ConnectionKeys {
  return {
    'connection.url': {
      type: 'STRING',
      importance: 'HIGH',
      doc: `The JDBC URL (${purpose}): jdbc:postgresql:, jdbc:mysql:, jdbc:mariadb:, jdbc:sqlite:, jdbc:oracle: or jdbc:sqlserver:.`,
      group: 'Database',
      orderInGroup: 1,
      width: 'LONG',
      displayName: 'JDBC URL',
      validator: lambdaValidator(checkUrl, 'a jdbc: URL'),
    },
    'connection.user': {
      type: 'STRING',
      default: null,
      importance: 'HIGH',
      doc: 'The user to connect as. It goes before the one in the URL.',
      group: 'Database',
      orderInGroup: 2,
      displayName: 'JDBC User',
    },
    'connection.password': {
      type: 'PASSWORD',
      default: null,
      importance: 'HIGH',
      doc: 'The password of that user.',
      group: 'Database',
      orderInGroup: 3,
      displayName: 'JDBC Password',
    },
    'connection.attempts': {
      type: 'INT',
      default: 3,
      importance: 'LOW',
      doc: 'How often to try to connect before the task fails.',
      validator: atLeast(1),
      group: 'Database',
      orderInGroup: 4,
    },
    'connection.backoff.ms': {
      type: 'LONG',
      default: 10_000,
      importance: 'LOW',
      doc: 'The pause between two tries to connect, in milliseconds.',
      group: 'Database',
      orderInGroup: 5,
    },
    'dialect.name': {
      type: 'STRING',
      default: '',
      importance: 'LOW',
      doc: "The name of the database's dialect. The URL tells it too, so that this is not needed.",
      group: 'Database',
      orderInGroup: 6,
    },
  };
}

const CONNECTION_CONFIG = new ConfigDef(connectionKeys('database'));

/**
 * The database that a connector's config names.
 *
 * @throws ConfigError for a URL or a dialect that is none
 */
export function databaseOf(props: Props, logger: Logger): Database {
  const config = CONNECTION_CONFIG.parse(props);
  const url = parseJdbcUrl(config['connection.url']);
  const more = Object.entries(props)
    .filter(([key]) => key.startsWith(PREFIX) && !OWN_KEYS.has(key))
    .map(([key, value]) => [key.slice(PREFIX.length), value] as const);
  return {
    dialect: dialectOf(url.family, config['dialect.name']),
    target: {
      url,
      user: config['connection.user'] ?? url.user,
      password: config['connection.password']?.value() ?? url.password,
      properties: new Map([...url.properties, ...more]),
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
    },
    attempts: config['connection.attempts'],
    backoffMs: config['connection.backoff.ms'],
    logger,
  };
}

function checkUrl(name: string, value: unknown): void {
  try {
    parseJdbcUrl(String(value));
  } catch (error) {
    // The value is not shown: it may hold a password.
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`Invalid value for configuration ${name}: ${reason}`, { cause: error });
  }
}
