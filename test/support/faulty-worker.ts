import { createConsumer, createProducer, silentLogger } from '@sluice/kafka';
import type { RestClient } from '@sluice/rest/client';
import { OwnedProcess, waitUntil } from '@sluice/testing';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const WAIT_MS = 60_000;

/** Starts the built worker with no more than so many file descriptors. Its id is the worker's. */
export function startWithDescriptors(max: number, file: string): Promise<OwnedProcess> {
  const script = `ulimit -n ${max} && exec "$0" "$@"`;
  return OwnedProcess.start({
    what: 'sluice standalone with few descriptors',
    command: 'sh',
    args: ['-c', script, process.execPath, MAIN, 'standalone', file],
    env: { NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: undefined, SLUICE_TEST_LIFE: '0' },
  });
}

/** Waits until the connector's only task is in the state; answers its trace, if it has one. */
export async function taskIs(client: RestClient, name: string, state: string): Promise<string> {
  return waitUntil(
    `the task of ${name} to be ${state}`,
    async () => {
      const [task] = (await client.connectorStatus(name)).tasks;
      return task?.state === state ? (task.trace ?? ' ') : null;
    },
    { timeoutMs: WAIT_MS },
  );
}

/** Writes values into partition 0, in order. */
export async function produceValues(
  bootstrapServers: string,
  topic: string,
  values: readonly (Uint8Array | null)[],
): Promise<void> {
  const failed: unknown[] = [];
  await using producer = createProducer(
    { 'bootstrap.servers': bootstrapServers },
    { logger: silentLogger, onDelivery: ({ error }) => error !== null && failed.push(error) },
  );
  await producer.prepare([topic]);
  for (const [token, value] of values.entries()) {
    while (!producer.hasRoom) await producer.room();
    producer.append({
      topic,
      partition: 0,
      key: null,
      value,
      headers: [],
      timestamp: null,
      token,
    });
  }
  await producer.flush();
  if (failed.length > 0) throw new Error(`${failed.length} batches failed: ${String(failed[0])}`);
}

/** The headers and values of the first `count` records of partition 0. */
export async function consumeValues(
  bootstrapServers: string,
  topic: string,
  count: number,
): Promise<readonly { readonly headers: ReadonlyMap<string, string>; readonly value: Buffer }[]> {
  await using consumer = createConsumer(
    { 'bootstrap.servers': bootstrapServers, 'auto.offset.reset': 'earliest' },
    { logger: silentLogger },
  );
  consumer.assign([{ topic, partition: 0 }]);
  const records: { headers: ReadonlyMap<string, string>; value: Buffer }[] = [];
  await waitUntil(
    `${count} records in ${topic}`,
    async () => {
      for (const columns of await consumer.poll(200)) {
        for (let i = 0; i < columns.count; i++) {
          const headers = columns
            .headers(i)
            .map(({ key, value }) => [key, Buffer.from(value ?? []).toString()] as const);
          const value = Buffer.from(columns.value(i) ?? []);
          records.push({ headers: new Map(headers), value });
        }
      }
      return records.length >= count;
    },
    { timeoutMs: WAIT_MS, intervalMs: 1 },
  );
  return records;
}
