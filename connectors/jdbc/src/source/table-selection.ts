import { ConfigError, ConnectError } from '@sluice/api';
import { JavaRegex } from '@sluice/api/java-regex';
import type { TableId } from '../database/table.ts';
import type { Identifiers } from '../dialect/identifiers.ts';

/** The four lists of the config; empty ones do not count. */
export interface TableLists {
  readonly whitelist: readonly string[];
  readonly blacklist: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/**
 * The tables that a config asks for, of those that there are.
 *
 * @throws ConfigError for lists that exclude each other, or a pattern that is none
 */
export function selectTables(
  tables: readonly TableId[],
  lists: TableLists,
  identifiers: Identifiers,
): readonly TableId[] {
  checkLists(lists);
  if (lists.whitelist.length > 0) {
    return tables.filter((table) => isNamed(table, lists.whitelist, identifiers));
  }
  if (lists.blacklist.length > 0) {
    return tables.filter((table) => !isNamed(table, lists.blacklist, identifiers));
  }
  if (lists.include.length === 0) return tables;
  const include = lists.include.map((pattern) => patternOf('table.include.list', pattern));
  const exclude = lists.exclude.map((pattern) => patternOf('table.exclude.list', pattern));
  return tables.filter((table) => {
    const name = plainName(table, identifiers);
    const isMatch = (regex: JavaRegex): boolean => regex.matches(name);
    return include.some(isMatch) && !exclude.some(isMatch);
  });
}

/** A table's name with the parts that the database uses, unquoted: `public.orders`. */
export function plainName(table: TableId, identifiers: Identifiers): string {
  const outer = identifiers.rules.parts.map((part) => table[part]).filter((part) => part !== null);
  return [...outer, table.name].join('.');
}

/**
 * Two tables of one name would share a topic, and nobody could tell their rows apart.
 *
 * @throws ConnectError that names them
 */
export function rejectSameNames(tables: readonly TableId[], identifiers: Identifiers): void {
  const seen = new Map<string, TableId>();
  for (const table of tables) {
    const other = seen.get(table.name);
    if (other !== undefined) {
      throw new ConnectError(
        'The connector uses the unqualified table name as the topic name and has detected ' +
          `duplicate unqualified table names: ${plainName(other, identifiers)} and ` +
          `${plainName(table, identifiers)}. Name the schema with schema.pattern, or write one ` +
          'connector for each with its own topic.prefix.',
      );
    }
    seen.set(table.name, table);
  }
}

/** @throws ConfigError */
export function checkLists({ whitelist, blacklist, include, exclude }: TableLists): void {
  const isLegacy = whitelist.length > 0 || blacklist.length > 0;
  const isNew = include.length > 0 || exclude.length > 0;
  if (whitelist.length > 0 && blacklist.length > 0) {
    throw new ConfigError(
      'table.blacklist and table.whitelist are exclusive: keep one of them, since what is not on a ' +
        'whitelist is left out anyway.',
    );
  }
  if (isLegacy && isNew) {
    throw new ConfigError(
      'table.include.list and table.exclude.list can not be used with table.whitelist or ' +
        'table.blacklist: move the names to table.include.list, as regular expressions.',
    );
  }
  if (exclude.length > 0 && include.length === 0) {
    throw new ConfigError(
      'table.exclude.list needs table.include.list: set that to .* to begin with all tables.',
    );
  }
}

function isNamed(table: TableId, names: readonly string[], identifiers: Identifiers): boolean {
  const quoted = identifiers.qualified(table);
  const plain = plainName(table, identifiers);
  const full = [table.catalog, table.schema, table.name].filter((part) => part !== null).join('.');
  return names.some((text) => {
    const name = text.trim();
    return [table.name, identifiers.quote(table.name), plain, quoted, full].includes(name);
  });
}

/** @throws ConfigError */
export function patternOf(key: string, pattern: string): JavaRegex {
  try {
    return new JavaRegex(pattern.trim());
  } catch (error) {
    throw ConfigError.ofValue(key, pattern, error instanceof Error ? error.message : String(error));
  }
}
