import { makeTempDir, startSluice } from '@sluice/testing';
import assert from 'node:assert/strict';
import { appendFile, readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

const RECORDS = 2_922;
const NEW_LINE = '{"location":"Here","date":"2026-01-01","weather":"sun"}\n';

describe('sluice dev', () => {
  it('--once moves the weather through, says so, and ends with 0', async () => {
    await using home = await makeTempDir('dev');
    await using sluice = await startSluice({ args: ['dev', '--once'], cwd: home.path });
    const { code } = await sluice.exited;
    assert.equal(code, 0, sluice.output);
    const through = `${RECORDS} of ${RECORDS} records in, ${RECORDS} out`;
    assert.ok(sluice.stdout.includes(through), sluice.output);
    assert.match(sluice.stdout, /"location":"Seattle".*"celsius_max":12\.8.*"origin":"NOAA"/);
    const text = await readFile(home.join('.sluice', 'dev', 'weather-out.jsonl'), 'utf8');
    const lines = text.split('\n').slice(0, -1);
    assert.equal(lines.length, RECORDS);
    const last: unknown = JSON.parse(lines.at(-1) ?? '');
    assert.deepEqual(last, {
      location: 'New York',
      date: '2015-12-31',
      precipitation: 1.5,
      wind: 5.5,
      celsius_max: 11.1,
      celsius_min: 6.1,
      sky: 'rain',
      origin: 'NOAA',
    });
    assert.match(lines[0] ?? '', /"precipitation":0\.0/, 'a decimal stays a decimal');
  });

  it('--once ends with 1 and the reason when the data is not through in time', async () => {
    await using home = await makeTempDir('dev');
    const args = ['dev', '--once', '--timeout', '0.001'];
    await using sluice = await startSluice({ args, cwd: home.path });
    const { code } = await sluice.exited;
    assert.equal(code, 1, sluice.output);
    assert.match(sluice.output, /only \d+ of 2922 records are in/);
  });

  it('shows an appended line within a second, answers REST, and stops at Ctrl-C', async (t) => {
    await using home = await makeTempDir('dev');
    await using sluice = await startSluice({ args: ['dev'], cwd: home.path });
    await sluice.outputMatches(/Try next/);
    const status = /curl (http:\S+)/.exec(sluice.stdout)?.[1] ?? '';
    const answer = await fetch(status);
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /"state":"RUNNING"/);
    const appendedMs = performance.now();
    await appendFile(home.join('.sluice', 'dev', 'weather.jsonl'), NEW_LINE);
    await sluice.waitUntil('the line to arrive', async () => {
      const out = await readFile(home.join('.sluice', 'dev', 'weather-out.jsonl'), 'utf8');
      return out.includes('"location":"Here"');
    });
    const tookMs = Math.round(performance.now() - appendedMs);
    t.diagnostic(`${tookMs} ms from append to arrival`);
    assert.ok(tookMs < 1_000, `took ${tookMs} ms`);
    sluice.signal('SIGINT');
    assert.deepEqual(await sluice.exited, { code: 0, signal: null }, sluice.output);
  });
});
