import { ConnectError } from '@sluice/api';

/** Which fields of which part of an event are meant. */
export interface FieldSelection {
  /** ALL: every field; INCLUDE: these; EXCLUDE: all but these; NONE: the event is left alone. */
  readonly type: 'ALL' | 'INCLUDE' | 'EXCLUDE' | 'NONE';
  readonly fields: {
    readonly before: ReadonlySet<string>;
    readonly after: ReadonlySet<string>;
    readonly source: ReadonlySet<string>;
  };
}

/** What Java checks a whole list against, printed as a list. */
const LIST_FORM = /^\[(?:(source|topic|[".\w\s_]+):([".\w\s_]+(?::[".\w\s_]+)?(?:,|\]$)))+$/;

type Fields = Map<string, Set<string>>;

/** The rules of `include.list` and `exclude.list`. */
export class TimezoneRules {
  readonly #isInclude: boolean;
  readonly #isEmpty: boolean;
  readonly #topics: Fields = new Map();
  readonly #tables: Fields = new Map();
  readonly #either: Fields = new Map();

  /** @throws ConnectError when a list has the wrong form, or both are given */
  constructor(include: readonly string[], exclude: readonly string[]) {
    if (include.length > 0) requireForm('include', include);
    else if (exclude.length > 0) requireForm('exclude', exclude);
    if (include.length > 0 && exclude.length > 0) {
      throw new ConnectError(
        'Both include and exclude lists are specified. Please specify only one.',
      );
    }
    this.#isInclude = include.length > 0;
    this.#isEmpty = include.length + exclude.length === 0;
    this.#collect(exclude.length > 0 ? exclude : include);
  }

  /** What the rules say of events of a topic and table. */
  select(topic: string, table: string | null): FieldSelection {
    if (this.#isEmpty) return selection('ALL', new Set());
    const fields =
      this.#topics.get(topic) ??
      (table === null ? undefined : this.#tables.get(table)) ??
      this.#either.get(topic) ??
      (table === null ? undefined : this.#either.get(table));
    if (this.#isInclude) {
      if (fields === undefined) return selection('NONE', new Set());
      return selection(fields.size > 0 ? 'INCLUDE' : 'ALL', fields);
    }
    if (fields === undefined) return selection('ALL', new Set());
    return selection(fields.size > 0 ? 'EXCLUDE' : 'NONE', fields);
  }

  /** A prefix holds for the items behind it, until another one comes. */
  #collect(items: readonly string[]): void {
    let prefix: string | null = null;
    for (const item of items) {
      const rule = parseRule(item);
      prefix = rule.prefix ?? prefix;
      const map = this.#mapOf(prefix);
      const fields = map.get(rule.name) ?? new Set();
      if (rule.field !== null) fields.add(rule.field);
      map.set(rule.name, fields);
    }
  }

  #mapOf(prefix: string | null): Fields {
    if (prefix === 'topic') return this.#topics;
    return prefix === 'source' ? this.#tables : this.#either;
  }
}

interface Rule {
  readonly prefix: string | null;
  readonly name: string;
  readonly field: string | null;
}

function parseRule(item: string): Rule {
  const [first = '', second, third] = item.split(':');
  if (second === undefined) return { prefix: null, name: first, field: null };
  const isPrefix = ['source', 'topic'].includes(first.toLowerCase());
  if (!isPrefix) return { prefix: null, name: first, field: second };
  return { prefix: first, name: second, field: third ?? null };
}

function requireForm(which: string, items: readonly string[]): void {
  if (LIST_FORM.test(`[${items.join(', ')}]`)) return;
  throw new ConnectError(
    `Invalid ${which} list format. Please specify a list of rules in the format of ` +
      '"source:<tablename>:<fieldnames>", "topic:<topicname>:<fieldnames>", ' +
      '"<matchname>:<fieldnames>"',
  );
}

/** A field may name its part (`after.created`); one that does not is meant in both rows. */
function selection(type: FieldSelection['type'], names: ReadonlySet<string>): FieldSelection {
  const fields = { before: new Set<string>(), after: new Set<string>(), source: new Set<string>() };
  for (const name of names) {
    const part = (['source', 'before', 'after'] as const).find((each) =>
      name.startsWith(`${each}.`),
    );
    if (part !== undefined) fields[part].add(name.slice(part.length + 1));
    else {
      fields.before.add(name);
      fields.after.add(name);
    }
  }
  return { type, fields };
}
