import { kafkaTool } from '@sluice/testing';

/** A record as Java's console consumer prints it: headers, key and value, `<NULL>` for null. */
export interface PrintedRecord {
  readonly headers: string;
  readonly key: string;
  readonly value: string;
}

const SEPARATOR = '\u0001';
const IDLE_MS = 4_000;
const TIMEOUT_MS = 300_000;

/**
 * The first `count` records of partition 0, read by Java: nothing of ours judges itself.
 *
 * @throws Error when there are fewer
 */
export async function printedRecords(
  bootstrapServers: string,
  topic: string,
  count: number,
): Promise<readonly PrintedRecord[]> {
  const properties = [
    'print.headers=true',
    'print.key=true',
    'print.value=true',
    `key.separator=${SEPARATOR}`,
    'headers.separator=,',
    'null.literal=<NULL>',
  ];
  const { stdout, stderr } = await kafkaTool(
    'ConsoleConsumer',
    [
      '--bootstrap-server',
      bootstrapServers,
      '--topic',
      topic,
      '--partition',
      '0',
      '--offset',
      'earliest',
      '--timeout-ms',
      String(IDLE_MS),
      ...properties.flatMap((property) => ['--formatter-property', property]),
    ],
    { timeoutMs: TIMEOUT_MS },
  );
  const lines = stdout.split('\n').slice(0, -1);
  if (lines.length < count) {
    throw new Error(`${topic} holds ${lines.length} records, ${count} were expected:\n${stderr}`);
  }
  return lines.map((line) => {
    const [headers = '', key = '', value = ''] = line.split(SEPARATOR);
    return { headers, key, value };
  });
}
