import type { TableColumn } from '../database/table.ts';
import type { WriteTarget } from './dialect.ts';
import type { Identifiers } from './identifiers.ts';

/** The parts of a MERGE in which databases differ. */
export interface MergeForm {
  /** The table and its alias: `"t" target`. */
  readonly into: string;
  /** The rows and their alias, which give the columns their names. */
  readonly using: string;
  /** What must stand at the end. */
  readonly end: string;
}

/** An upsert by MERGE, as Oracle and SQL Server have it. */
export function mergeSql(
  { keys, columns }: WriteTarget,
  identifiers: Identifiers,
  { into, using, end }: MergeForm,
): string {
  const quoted = ({ name }: TableColumn): string => identifiers.quote(name);
  const on = keys.map((key) => `target.${quoted(key)} = incoming.${quoted(key)}`).join(' AND ');
  const sets = columns.map((one) => `target.${quoted(one)} = incoming.${quoted(one)}`);
  const all = [...keys, ...columns];
  const matched = sets.length === 0 ? '' : ` WHEN MATCHED THEN UPDATE SET ${sets.join(', ')}`;
  return (
    `MERGE INTO ${into} USING ${using} ON (${on})${matched} ` +
    `WHEN NOT MATCHED THEN INSERT (${all.map(quoted).join(', ')}) ` +
    `VALUES (${all.map((one) => `incoming.${quoted(one)}`).join(', ')})${end}`
  );
}
