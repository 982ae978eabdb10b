import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { RestClient } from '@sluice/rest/client';
import {
  freePort,
  makeTempDir,
  propertiesText,
  startDevBrokerForTest,
  startSluice,
} from '@sluice/testing';
import { fuzz, isJavas5xx } from './fuzz-run.ts';
import { residentBytes } from './resident-bytes.ts';

const SEED = Number(process.env['SLUICE_FUZZ_SEED'] ?? 1);
const REQUESTS = Number(process.env['SLUICE_FUZZ_REQUESTS'] ?? 100_000);
/**
 * Memory is looked at after four tenths, when caches, heap and the threads that validate have their
 * size, and at the end: what 300,000 requests add is no more than what 100,000 do.
 */
const WARM_SHARE = 0.4;
const GROWTH_MAX_BYTES = 64 * 1024 * 1024;
/** The main thread's heap moves between collections: the least of each stretch is compared. */
const EARLY = [0.2, 0.5] as const;
const LATE = [0.75, 1] as const;
const HEAP_GROWTH_MAX_BYTES = 8 * 1024 * 1024;
const HEARTBEAT = 'heartbeat';
const CONVERTER = 'org.apache.kafka.connect.storage.StringConverter';

test(`${REQUESTS} requests leave a worker as it was: no crash, no leak, its task goes on (seed ${SEED})`, async () => {
  await using dir = await makeTempDir('rest-fuzz');
  await using broker = await startDevBrokerForTest();
  const url = `http://127.0.0.1:${await freePort()}`;
  await writeFile(dir.join('in.txt'), 'one\n');
  await writeFile(
    dir.join('worker.properties'),
    propertiesText({
      'bootstrap.servers': broker.bootstrapServers,
      'key.converter': CONVERTER,
      'value.converter': CONVERTER,
      'offset.storage.file.filename': 'offsets.bin',
      listeners: url,
    }),
  );
  await using worker = await startSluice({
    args: ['standalone', 'worker.properties'],
    cwd: dir.path,
  });
  await worker.restReady(url);
  const client = new RestClient({ baseUrl: url });
  await client.createConnector({ name: HEARTBEAT, config: heartbeatConfig() });
  const running = async (): Promise<boolean> =>
    (await client.taskStatus(HEARTBEAT, 0)).state === 'RUNNING';
  await worker.waitUntil('the task to run', running);
  const heaps: Promise<HeapSample>[] = [];
  let warmBytes = 0;
  const outcome = await fuzz({
    url,
    requests: REQUESTS,
    seed: SEED,
    isExpected5xx: isJavas5xx,
    onProgress: (requests) => {
      heaps.push(heapSample(url, requests / REQUESTS));
      if (warmBytes === 0 && requests >= REQUESTS * WARM_SHARE)
        warmBytes = residentBytes(worker.pid);
    },
  });
  const grownBytes = residentBytes(worker.pid) - warmBytes;
  assert.deepEqual(outcome.problems, []);
  assert.equal(outcome.requests, REQUESTS);
  assert.ok(warmBytes > 0);
  assert.ok(grownBytes < GROWTH_MAX_BYTES, `grown by ${Math.round(grownBytes / 2 ** 20)} MiB`);
  const least = leastHeap(await Promise.all(heaps));
  const heapGrownBytes = least(LATE) - least(EARLY);
  assert.ok(heapGrownBytes < HEAP_GROWTH_MAX_BYTES, `heap grown by ${heapGrownBytes} bytes`);
  assert.ok(worker.isRunning);
  assert.ok(await running());
});

/** No name of a fuzzed connector: nobody pauses or deletes it. */
function heartbeatConfig(): Readonly<Record<string, string>> {
  return { 'connector.class': 'FileStreamSource', topic: HEARTBEAT, file: 'in.txt' };
}

interface HeapSample {
  /** How much of the run was over, from 0 to 1. */
  readonly part: number;
  readonly bytes: number;
}

async function heapSample(url: string, part: number): Promise<HeapSample> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return { part, bytes: Number(/^nodejs_heap_size_used_bytes (\S+)$/m.exec(text)?.[1]) };
}

function leastHeap(samples: readonly HeapSample[]): (stretch: readonly [number, number]) => number {
  return ([from, to]) => {
    const within = samples.filter(({ part }) => part >= from && part <= to);
    assert.ok(within.length > 3 && within.every(({ bytes }) => bytes > 0), 'samples of the heap');
    return Math.min(...within.map(({ bytes }) => bytes));
  };
}
