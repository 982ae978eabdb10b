import { kcat } from '@sluice/testing';

/** A record as kcat prints it, by a client that is not ours. */
export interface PrintedRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** All records that a topic holds now. */
export async function printedRecords(
  bootstrapServers: string,
  topic: string,
): Promise<readonly PrintedRecord[]> {
  const from = ['-b', bootstrapServers, '-C', '-t', topic, '-o', 'beginning', '-e', '-q', '-J'];
  const lines = (await kcat(from)).split('\n').slice(0, -1);
  return lines.map((line) => {
    const printed: {
      readonly partition: number;
      readonly offset: number;
      readonly key: string | null;
      readonly payload: string | null;
      readonly headers?: readonly string[];
    } = JSON.parse(line);
    const { partition, offset, key, payload: value, headers = [] } = printed;
    return { partition, offset, key, value, headers: pairs(headers) };
  });
}

/** kcat prints names and values in turn. */
function pairs(flat: readonly string[]): (readonly [string, string])[] {
  return flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] ?? ''] as const] : []));
}
