import { ConnectError } from '@sluice/api';
import type { TableId } from '../database/table.ts';

/** How a database writes names. */
export interface IdentifierRules {
  readonly open: string;
  readonly close: string;
  /** What the database does to a name that is not quoted. */
  readonly fold: 'lower' | 'upper' | 'none';
  /** The longest name. */
  readonly lengthMax: number;
  readonly lengthUnit: 'bytes' | 'characters';
  /** The parts of a table's full name, outermost first. */
  readonly parts: readonly ('catalog' | 'schema')[];
}

/** `quote.sql.identifiers`. */
export type Quoting = 'always' | 'never';

/**
 * Names in SQL. Every name is quoted, so that none can be more than a name, whoever wrote it. With
 * `quote.sql.identifiers=never` names are folded as the database folds unquoted ones, and then
 * quoted all the same.
 */
export class Identifiers {
  readonly rules: IdentifierRules;
  readonly #quoting: Quoting;

  constructor(rules: IdentifierRules, quoting: Quoting = 'always') {
    this.rules = rules;
    this.#quoting = quoting;
  }

  /** A name as the database will know it: folded where it is not quoted, cut to the longest length. */
  effective(name: string): string {
    const folded = this.#quoting === 'always' ? name : foldName(name, this.rules.fold);
    return cutName(folded, this.rules);
  }

  /** @throws ConnectError for a name that no quoting can save */
  quote(name: string): string {
    if (name === '' || name.includes('\0')) {
      throw new ConnectError(
        `${JSON.stringify(name)} can't be the name of a table or column. Rename it before the ` +
          'sink: RegexRouter changes topics, ReplaceField changes fields.',
      );
    }
    const { open, close } = this.rules;
    return open + this.effective(name).replaceAll(close, close + close) + close;
  }

  /** A table's full name, as far as it is known and the database has such parts. */
  qualified(table: TableId): string {
    const outer = this.rules.parts.map((part) => table[part]).filter((part) => part !== null);
    return [...outer, table.name].map((part) => this.quote(part)).join('.');
  }

  list(names: readonly string[]): string {
    return names.map((name) => this.quote(name)).join(', ');
  }

  /**
   * Takes a table's name apart at its dots; parts may be quoted.
   *
   * @throws ConnectError when there are more parts than a name has
   */
  parse(text: string): TableId {
    const parts = splitName(text, this.rules);
    const name = parts.pop() ?? '';
    const [inner = null, outer = null] = parts.reverse();
    if (parts.length > 2) {
      throw new ConnectError(
        `The table name "${text}" has more parts than catalog.schema.table. ` +
          'Choose another table.name.format, or rename topics with dots by a RegexRouter.',
      );
    }
    const hasSchemas = this.rules.parts.includes('schema');
    return hasSchemas
      ? { catalog: outer, schema: inner, name }
      : { catalog: inner ?? outer, schema: null, name };
  }
}

function foldName(name: string, fold: IdentifierRules['fold']): string {
  if (fold === 'none') return name;
  return fold === 'lower' ? name.toLowerCase() : name.toUpperCase();
}

function cutName(name: string, { lengthMax, lengthUnit }: IdentifierRules): string {
  if (name.length * 3 <= lengthMax) return name;
  const lengthOf = (text: string): number =>
    lengthUnit === 'bytes' ? Buffer.byteLength(text) : text.length;
  let cut = name;
  while (lengthOf(cut) > lengthMax) cut = cut.slice(0, -1);
  // Half of a character is none.
  return cut.isWellFormed() || !name.isWellFormed() ? cut : cut.slice(0, -1);
}

function splitName(text: string, { open, close }: IdentifierRules): string[] {
  const parts: string[] = [];
  let at = 0;
  while (at <= text.length) {
    let part = '';
    if (text.startsWith(open, at)) {
      at += open.length;
      for (; at < text.length; at += 1) {
        if (text.startsWith(close, at)) {
          if (!text.startsWith(close, at + 1)) break;
          at += 1;
        }
        part += text.charAt(at);
      }
      at += close.length;
    } else {
      const dot = text.indexOf('.', at);
      const end = dot < 0 ? text.length : dot;
      part = text.slice(at, end);
      at = end;
    }
    parts.push(part);
    if (text.charAt(at) !== '.') break;
    at += 1;
  }
  return parts;
}
