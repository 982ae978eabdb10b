/** What of the options that a Java worker is started with matters here. */
export interface JavaOptions {
  /** `-Djava.security.auth.login.config`. */
  readonly jaasFile: string | null;
  /** `-Djava.security.krb5.conf`. */
  readonly krb5File: string | null;
  /** `-Dlog4j2.configurationFile` or `-Dlog4j.configuration`. */
  readonly logConfigFile: string | null;
}

const PROPERTIES = {
  jaasFile: ['java.security.auth.login.config'],
  krb5File: ['java.security.krb5.conf'],
  logConfigFile: ['log4j2.configurationFile', 'log4j.configurationFile', 'log4j.configuration'],
} as const;

/** Reads `KAFKA_OPTS` and `KAFKA_LOG4J_OPTS` as Kafka's start scripts hand them to Java. */
export function javaOptions(
  environment: Readonly<Record<string, string | undefined>>,
): JavaOptions {
  const options = `${environment['KAFKA_LOG4J_OPTS'] ?? ''} ${environment['KAFKA_OPTS'] ?? ''}`;
  const given = new Map<string, string>();
  for (const [, key = '', quoted, plain = ''] of options.matchAll(DEFINITION)) {
    if (!given.has(key)) given.set(key, (quoted ?? plain).replace(/^file:(\/\/)?/, ''));
  }
  const first = (keys: readonly string[]): string | null =>
    keys.map((key) => given.get(key)).find((value) => value !== undefined && value !== '') ?? null;
  return {
    jaasFile: first(PROPERTIES.jaasFile),
    krb5File: first(PROPERTIES.krb5File),
    logConfigFile: first(PROPERTIES.logConfigFile),
  };
}

const DEFINITION = /-D([\w.]+)=(?:"([^"]*)"|(\S*))/g;
