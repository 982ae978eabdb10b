/** The databases that Sluice has a dialect for. MariaDB speaks MySQL's. */
export type DatabaseFamily = 'postgres' | 'mysql' | 'sqlite' | 'oracle' | 'sqlserver';

/** A server of a URL. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** A `jdbc:` URL in parts. */
export interface JdbcUrl {
  readonly family: DatabaseFamily;
  /** In the order in which they are tried; empty for SQLite and for Oracle's descriptors. */
  readonly hosts: readonly HostPort[];
  /** The database, service or file; `null` when the URL names none. */
  readonly database: string | null;
  readonly user: string | null;
  readonly password: string | null;
  /** The URL's parameters by name, as written. */
  readonly properties: ReadonlyMap<string, string>;
  /** What Oracle's driver is given; `null` for others. */
  readonly connectString: string | null;
}
