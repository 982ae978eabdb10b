/** The recorded sessions that look at the server alone: against ours with a herder of its own. */
import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Logger, Props } from '@sluice/api';
import type { LoggerControl, LoggerLevel } from '@sluice/rest';
import { RestServer } from '@sluice/rest/server';
import { makeTempDir } from '@sluice/testing';
import { FakeHerder } from '../fake-herder.ts';
import { KNOWN_DIFFERENCES, simplified } from './known-differences.ts';
import { differenceText, readRecording, replay } from './recording.ts';

/** With the rows of docs/reference/conformance.md that each shows. */
const SESSIONS = {
  'cors-and-headers': 'R1.08 R1.10 R10.21',
  'cors-of-all': 'R1.08 R10.21',
  'cors-of-patterns': 'R1.08 R10.21',
  'topic-tracking-off': 'R1.38 R1.39',
  'topic-reset-off': 'R1.39',
  'admin-none': 'R1.71 R10.21',
  'admin-separate': 'R1.71 R10.21',
  'basic-auth': 'R7.07',
  'basic-auth-admin-separate': 'R1.71 R7.07',
} as const;
/** Replayed elsewhere: against a whole worker. */
const WHOLE_WORKER = ['standalone'];
/** Recorded from two of Java's workers; they are replayed once there is a distributed worker here. */
const NOT_YET = ['distributed', 'distributed-rebalance'];
const silent = (): void => undefined;
const logger: Logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };
const ANY_PORT = 'http://127.0.0.1:0';

/** Loggers that remember what was set. */
function loggerControl(): LoggerControl {
  const known = new Map<string, LoggerLevel>([['root', { level: 'INFO', last_modified: null }]]);
  return {
    loggers: () => known,
    logger: (name) => known.get(name) ?? null,
    setLevel: (name, level) => {
      known.set(name, { level, last_modified: 1 });
      return [name];
    },
  };
}

for (const [name, rows] of Object.entries(SESSIONS))
  test(`${rows} Java's recorded session ${name} is answered the same`, async () => {
    const recording = await readRecording(name);
    const { worker, files, addresses } = recording.head;
    await using dir = await makeTempDir('rest-parity');
    const inDir = (text: string): string =>
      text.replaceAll('users.properties', dir.join('users.properties'));
    for (const [file, text] of Object.entries(files)) await writeFile(dir.join(file), inDir(text));
    const admin = Object.values(addresses).map((key): [string, string] => [key, ANY_PORT]);
    const props: Props = { listeners: ANY_PORT, ...Object.fromEntries(admin), ...worker };
    const environment = {
      KAFKA_OPTS: `-Djava.security.auth.login.config=${dir.join('jaas.conf')}`,
    };
    await using server = await RestServer.start({ props, environment, logger });
    server.mount(new FakeHerder(), loggerControl());
    const adminUrl = server.localAdminUrl;
    const urls = { main: server.localUrl, ...(adminUrl === null ? {} : { admin: adminUrl }) };
    const target = { urls, clusterId: 'cluster-1', untilTimeoutMs: 5000 };
    const differences = await replay(recording, target, simplified);
    const unknown = differences.filter(
      (difference) => !KNOWN_DIFFERENCES.some((known) => known.covers(difference)),
    );
    assert.deepEqual(unknown.map(differenceText), []);
    assert.ok(recording.steps.length > 0);
  });

test('every recording is replayed, or on the list of those that wait', async () => {
  const files = await readdir(new URL('../../golden/', import.meta.url));
  const known = [...Object.keys(SESSIONS), ...WHOLE_WORKER, ...NOT_YET].map(
    (name) => `${name}.jsonl`,
  );
  assert.deepEqual(new Set(files), new Set(known));
  for (const name of NOT_YET) {
    const { steps } = await readRecording(name);
    const asks = steps.filter((step) => 'ask' in step);
    assert.ok(asks.some(({ ask }) => ask.to === 'leader'));
    assert.ok(asks.some(({ ask }) => ask.to === 'follower'));
  }
});
