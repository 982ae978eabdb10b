import { freePort, makeTempDir, requireServer, startKafka, startSluice } from '@sluice/testing';
import { silentLogger } from '@sluice/kafka';
import { createAdmin } from '@sluice/kafka/admin';
import assert from 'node:assert/strict';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const EXAMPLES = fileURLToPath(new URL('../examples', import.meta.url));
const RECORDS = 2_922;
/** Asks for the end of a partition. */
const LATEST = -1;

test('the quickstart runs on Apache Kafka with nothing but addresses changed', async (t) => {
  if (!(await requireServer(t, 'kafka'))) return;
  await using kafka = await startKafka();
  await using checkout = await makeTempDir('quickstart');
  await cp(EXAMPLES, checkout.join('examples'), { recursive: true });
  await mkdir(checkout.join('.sluice'));
  const workerFile = checkout.join('examples/quickstart/worker.properties');
  const rest = `http://127.0.0.1:${await freePort()}`;
  const worker = (await readFile(workerFile, 'utf8'))
    .replace(/^bootstrap\.servers=.*$/m, `bootstrap.servers=${kafka.bootstrapServers}`)
    .replace(/^listeners=.*$/m, `listeners=${rest}`);
  await writeFile(workerFile, worker);
  const connectors = ['source', 'sink', 'table', 'again'].map((each) => `weather-${each}.json`);
  await using sluice = await startSluice({
    args: ['standalone', workerFile, ...connectors.map((f) => `examples/quickstart/${f}`)],
    cwd: checkout.path,
  });
  const lines = await sluice.waitUntil('all of the weather', async () => {
    const text = await readFile(checkout.join('.sluice', 'weather-out.jsonl'), 'utf8');
    const whole = text.split('\n').slice(0, -1);
    return whole.length >= RECORDS ? whole : null;
  });
  assert.equal(lines.length, RECORDS);
  const first: unknown = JSON.parse(lines[0] ?? '');
  assert.deepEqual(first, {
    location: 'Seattle',
    date: '2012-01-01',
    precipitation: 0,
    wind: 4.7,
    celsius_max: 12.8,
    celsius_min: 5,
    sky: 'drizzle',
    origin: 'NOAA',
  });
  await sluice.waitUntil('the table to be read back', async () => {
    await using admin = createAdmin(
      { 'bootstrap.servers': kafka.bootstrapServers },
      { logger: silentLogger },
    );
    const [end] = await admin.listOffsets([
      { topic: 'weather-again', partition: 0, timestamp: LATEST },
    ]);
    return (end?.offset ?? 0) >= RECORDS;
  });
  assert.equal((await sluice.stop()).code, 0);
  const database = new DatabaseSync(checkout.join('.sluice', 'weather.db'));
  const counted = database
    .prepare('SELECT count(*) AS n, max(celsius_max) AS hot FROM weather')
    .get();
  database.close();
  assert.deepEqual({ ...counted }, { n: RECORDS, hot: 37.8 });
});
