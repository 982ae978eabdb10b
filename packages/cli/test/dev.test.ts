import assert from 'node:assert/strict';
import { appendFile, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { test } from 'node:test';
import { RestClient } from '@sluice/rest/client';
import { makeTempDir, startSluice } from '@sluice/testing';

const RECORDS = 2922;

test('dev --once moves the whole data set and ends by itself with 0', async () => {
  await using directory = await makeTempDir('dev');
  await using sluice = await startSluice({ args: ['dev', '--once'], cwd: directory.path });
  const { code } = await sluice.exited;
  assert.equal(code, 0, sluice.output);
  assert.match(sluice.stdout, new RegExp(`${RECORDS} of ${RECORDS} records in, ${RECORDS} out`));
  const first = /^ {2}(\{.*\})$/m.exec(sluice.stdout)?.[1];
  assert.deepEqual(JSON.parse(first ?? ''), {
    location: 'Seattle',
    date: '2012-01-01',
    precipitation: 0,
    celsius_max: 12.8,
    celsius_min: 5,
    wind: 4.7,
    sky: 'drizzle',
    origin: 'NOAA',
  });
  const output = await readFile(directory.join('.sluice', 'dev', 'weather-out.jsonl'), 'utf8');
  assert.equal(output.split('\n').length - 1, RECORDS);
});

test('dev stays up, an appended line comes out, and a second run begins clean', async () => {
  await using directory = await makeTempDir('dev');
  for (let round = 0; round < 2; round++) {
    await using sluice = await startSluice({ args: ['dev'], cwd: directory.path });
    await sluice.outputMatches(/Ctrl-C stops it\./);
    assert.match(sluice.stdout, new RegExp(`${RECORDS} of ${RECORDS} records in, ${RECORDS} out`));
    const baseUrl = /worker +(http:\S+)/.exec(sluice.stdout)?.[1] ?? '';
    const status = await new RestClient({ baseUrl }).connectorStatus('weather-sink');
    assert.equal(status.tasks[0]?.state, 'RUNNING');
    const watched = directory.join('.sluice', 'dev', 'weather.jsonl');
    await appendFile(watched, '{"location":"Here","date":"2026-01-01","weather":"sun"}\n');
    const outputFile = directory.join('.sluice', 'dev', 'weather-out.jsonl');
    await sluice.waitUntil('the new line to come out', async () =>
      (await readFile(outputFile, 'utf8')).includes('"location":"Here"'),
    );
    await sluice.outputMatches(/1 more record came out/);
    sluice.signal('SIGINT');
    assert.equal((await sluice.exited).code, 0);
  }
});

test('a second dev in the same folder is refused and leaves the first one alone', async () => {
  await using directory = await makeTempDir('dev');
  await using first = await startSluice({ args: ['dev'], cwd: directory.path });
  await first.outputMatches(/Ctrl-C stops it\./);
  await using second = await startSluice({ args: ['dev', '--once'], cwd: directory.path });
  assert.equal((await second.exited).code, 1);
  assert.match(second.stderr, /Another "sluice dev" \(process \d+\) works in/);
  assert.equal(first.isRunning, true);
});

test('dev --once gives up in time and says how far it came', async () => {
  await using directory = await makeTempDir('dev');
  const args = ['dev', '--once', '--timeout', '0.001'];
  await using sluice = await startSluice({ args, cwd: directory.path });
  const { code } = await sluice.exited;
  assert.equal(code, 1);
  assert.match(sluice.stdout, /only \d+ of 2922 records are in, \d+ out, .*\. Why is in/);
});

test('dev takes free ports when the usual ones are taken, and says so', async () => {
  await using directory = await makeTempDir('dev');
  await using _broker = await held(9092);
  await using _rest = await held(8083);
  await using sluice = await startSluice({ args: ['dev', '--once'], cwd: directory.path });
  assert.equal((await sluice.exited).code, 0, sluice.output);
  assert.match(sluice.stdout, /note +port 9092 is taken, so the broker is on \d+/);
  assert.match(sluice.stdout, /note +port 8083 is taken, so REST is on \d+/);
});

/** Listens on a port of loopback, unless somebody else does already. */
async function held(port: number): Promise<AsyncDisposable> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => {
    server.once('error', () => resolve());
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    async [Symbol.asyncDispose]() {
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}
