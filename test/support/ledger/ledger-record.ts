import { crc32 } from 'node:zlib';

/** A record that says by itself which one it is, where it belongs and whether it is whole. */
export interface LedgerRecord {
  /** The source partition. */
  readonly part: number;
  /** Counted from 0 within the source partition, without gaps. */
  readonly seq: number;
  /** The life of the worker that read it. */
  readonly life: number;
}

const FILLER = 'abcdefghijklmnopqrstuvwxyz';

/** As the value of a record of this topic. */
export function ledgerValue(topic: string, { part, seq, life }: LedgerRecord): string {
  const body = `${part} ${seq} ${life} ${FILLER.slice(seq % FILLER.length)}`;
  return `${body} ${crc32(`${topic} ${body}`).toString(16)}`;
}

/** What a value says; `null` when it is not exactly one that was written for this topic. */
export function ledgerRecordOf(topic: string, value: string): LedgerRecord | null {
  const [part, seq, life] = value.split(' ', 3).map(Number);
  if (part === undefined || seq === undefined || life === undefined) return null;
  const record = { part, seq, life };
  return ledgerValue(topic, record) === value ? record : null;
}
