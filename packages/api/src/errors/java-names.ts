import { AlreadyExistsError } from './already-exists-error.ts';
import { ConfigError } from './config-error.ts';
import { ConnectError } from './connect-error.ts';
import { DataError } from './data-error.ts';
import { IllegalWorkerStateError } from './illegal-worker-state-error.ts';
import { NotFoundError } from './not-found-error.ts';
import { RetriableError } from './retriable-error.ts';
import { SchemaBuilderError } from './schema-builder-error.ts';
import { SchemaProjectorError } from './schema-projector-error.ts';

const CONNECT = 'org.apache.kafka.connect.errors';

/** Most specific first: the first class that an error is an instance of names it. */
const NAMES = [
  [SchemaBuilderError, `${CONNECT}.SchemaBuilderException`],
  [SchemaProjectorError, `${CONNECT}.SchemaProjectorException`],
  [DataError, `${CONNECT}.DataException`],
  [RetriableError, `${CONNECT}.RetriableException`],
  [NotFoundError, `${CONNECT}.NotFoundException`],
  [AlreadyExistsError, `${CONNECT}.AlreadyExistsException`],
  [IllegalWorkerStateError, `${CONNECT}.IllegalWorkerStateException`],
  [ConfigError, 'org.apache.kafka.common.config.ConfigException'],
  [ConnectError, `${CONNECT}.ConnectException`],
] as const;

/** What Java would most likely have thrown where JavaScript throws one of its own. */
const BUILT_IN = [
  [TypeError, 'java.lang.ClassCastException'],
  [RangeError, 'java.lang.IllegalArgumentException'],
  [SyntaxError, 'java.lang.IllegalArgumentException'],
] as const;

/**
 * The Java class name for an error, as it stands in traces and in the dead-letter header
 * `__connect.errors.exception.class.name`. A plug-in's error class gives its own by a static text
 * `javaName` (`static readonly javaName = 'java.sql.SQLException'`), which its subclasses share.
 * Unknown errors are `java.lang.RuntimeException`.
 */
export function javaClassName(error: unknown): string {
  const own = ownJavaName(error);
  if (own !== null) return own;
  for (const [type, name] of NAMES) if (error instanceof type) return name;
  for (const [type, name] of BUILT_IN) if (error instanceof type) return name;
  return 'java.lang.RuntimeException';
}

function ownJavaName(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const made: unknown = error.constructor;
  const name: unknown = typeof made === 'function' ? Reflect.get(made, 'javaName') : undefined;
  return typeof name === 'string' && name !== '' ? name : null;
}
