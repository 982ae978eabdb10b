import { freePort, makeTempDir, requireServer, startKafka, startSluice } from '@sluice/testing';
import assert from 'node:assert/strict';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const EXAMPLES = fileURLToPath(new URL('../examples', import.meta.url));
const RECORDS = 2_922;

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
  const connectors = ['weather-source.json', 'weather-sink.json'];
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
  assert.equal((await sluice.stop()).code, 0);
});
