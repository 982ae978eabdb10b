/** Which part of the product a row belongs to; rows of later parts wait for them. */
export type Scope = 'worker' | 'distributed' | 'exactly-once' | 'mirroring' | 'other';

/** One behaviour of Kafka Connect that Sluice promises, to be named by the tests that prove it. */
export interface Row {
  readonly id: string;
  /** One line in our own words. */
  readonly what: string;
  readonly scope: Scope;
  /** What of the row no test proves yet, and why. The row then counts as proven in part. */
  readonly remains?: string;
  /** Why Sluice does otherwise, or not at all. */
  readonly differs?: string;
}

type RowText = string | Omit<Row, 'id' | 'scope'> | Omit<Row, 'id'>;

/** Rows by id; a bare text is a row of the scope given. */
export function rowsOf(scope: Scope, texts: Readonly<Record<string, RowText>>): readonly Row[] {
  return Object.entries(texts).map(([id, text]) =>
    typeof text === 'string' ? { id, what: text, scope } : { id, scope, ...text },
  );
}

export function later(scope: Scope, what: string): Omit<Row, 'id'> {
  return { what, scope };
}

export function inPart(what: string, remains: string): Omit<Row, 'id' | 'scope'> {
  return { what, remains };
}

export function differs(what: string, reason: string): Omit<Row, 'id' | 'scope'> {
  return { what, differs: reason };
}
