import type { SinkRecord } from '@sluice/api';
import type { Row } from '../database/cell.ts';
import type { RowWriter } from '../dialect/dialect.ts';

/** How the records of one plan are written to their table. */
export interface TableWriter {
  /** For errors: `insert into "orders"`. */
  readonly title: string;
  readonly writer: RowWriter;
  /** Writes the same table (and so has to keep its place among the others of that table). */
  readonly tableKey: string;
  /** Whether only the last row of a key is written. */
  readonly hasUniqueRows: boolean;
  readonly isDelete: boolean;
  readonly keyCount: number;
}

/** A row and the record it was made of. */
export interface BoundRow {
  readonly row: Row;
  readonly record: SinkRecord;
}

/** Rows that go out with one writer, in order. */
export interface WriteStep {
  readonly writer: TableWriter;
  readonly rows: readonly BoundRow[];
}

/**
 * Puts rows into as few steps as their order allows. Within a step of upserts each key stands once,
 * with its last row. Upserts and deletes of other keys change places freely; a write that follows a
 * delete of its own key begins new steps.
 */
export class RowBatch {
  readonly #rowsMax: number;
  readonly #open = new Map<string, OpenSteps>();
  readonly #steps: WriteStep[] = [];

  /** @param rowsMax - rows of a step at most */
  constructor(rowsMax: number) {
    this.#rowsMax = rowsMax;
  }

  add(writer: TableWriter, bound: BoundRow): void {
    let open = this.#open.get(writer.tableKey);
    const key = keyOf(writer, bound.row);
    if (open !== undefined && !open.accepts(writer, key, this.#rowsMax)) {
      this.#close(writer.tableKey, open);
      open = undefined;
    }
    if (open === undefined) {
      open = new OpenSteps();
      this.#open.set(writer.tableKey, open);
    }
    open.add(writer, key, bound);
  }

  /** All steps, in the order in which they must be done. */
  finish(): readonly WriteStep[] {
    for (const [table, open] of this.#open) this.#close(table, open);
    return this.#steps;
  }

  #close(table: string, open: OpenSteps): void {
    this.#steps.push(...open.steps());
    this.#open.delete(table);
  }
}

/** One step of writes and one of deletes, for one table. */
class OpenSteps {
  #writer: TableWriter | null = null;
  #deleter: TableWriter | null = null;
  readonly #writes: BoundRow[] = [];
  readonly #writeAt = new Map<unknown, number>();
  readonly #deletes = new Map<unknown, BoundRow>();

  accepts(writer: TableWriter, key: unknown, rowsMax: number): boolean {
    if (writer.isDelete) {
      const isFull = this.#deletes.size >= rowsMax;
      return !isFull && (this.#deleter === null || this.#deleter === writer);
    }
    if (this.#writes.length >= rowsMax || this.#deletes.has(key)) return false;
    // A plain write has no key to be compared by: it keeps behind the deletes before it.
    if (key === null && this.#deletes.size > 0) return false;
    return this.#writer === null || this.#writer === writer;
  }

  add(writer: TableWriter, key: unknown, bound: BoundRow): void {
    if (writer.isDelete) {
      this.#deleter = writer;
      this.#deletes.set(key, bound);
      return;
    }
    this.#writer = writer;
    const at = writer.hasUniqueRows ? this.#writeAt.get(key) : undefined;
    if (at !== undefined) {
      this.#writes[at] = bound;
      return;
    }
    if (writer.hasUniqueRows) this.#writeAt.set(key, this.#writes.length);
    this.#writes.push(bound);
  }

  /** Writes first: a delete of the same key comes after them, or would have begun a new step. */
  steps(): readonly WriteStep[] {
    const steps: WriteStep[] = [];
    if (this.#writer !== null) steps.push({ writer: this.#writer, rows: this.#writes });
    if (this.#deleter !== null) {
      steps.push({ writer: this.#deleter, rows: [...this.#deletes.values()] });
    }
    return steps;
  }
}

/** What tells keys apart; `null` without a key. */
function keyOf({ keyCount }: TableWriter, row: Row): unknown {
  if (keyCount === 0) return null;
  const [first = null] = row;
  if (keyCount === 1) return first instanceof Uint8Array ? hexOf(first) : first;
  let key = '';
  for (let i = 0; i < keyCount; i += 1) {
    const cell = row[i] ?? null;
    const text = cell instanceof Uint8Array ? hexOf(cell) : String(cell);
    key += `${text.length}:${text}`;
  }
  return key;
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
