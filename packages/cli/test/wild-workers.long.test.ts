/**
 * Goal: worker files as people have them start here, or are refused for a reason that names the key. Takes
 * a folder of such files from SLUICE_WILD_WORKERS; without it there is nothing to run.
 *
 * Each file is started in this process, one after the other, on a broker that is there: what says where the
 * broker is and how to log in to it, where REST listens and where offsets are kept is replaced.
 */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Props } from '@sluice/api';
import { Loggers, readWorkerFile } from '@sluice/runtime';
import { freePort, makeTempDir, startDevBrokerForTest } from '@sluice/testing';
import { StandaloneWorker } from '../src/standalone/standalone-worker.ts';

const FOLDER = process.env['SLUICE_WILD_WORKERS'];
/** Where the author's broker was and how to log in to it. */
const CONNECTION = /^((producer|consumer|admin)\.)?(bootstrap\.servers|security\.|sasl\.|ssl\.)/;
/** Why a refusal is right: each has to be one of these, and name its key or class. */
const REASONS: readonly (readonly [string, RegExp])[] = [
  [
    'converter class not here',
    /for configuration (key|value|header)\.converter: Class .* could not be found/,
  ],
  ['required key missing', /Missing required configuration "/],
  ['config provider not here', /no such config provider here|its class is missing/],
  ['REST extension not here', /rest\.extension\.classes/],
  ['refused on purpose', /can't be honoured/],
  ['no properties file', /Can't read the worker properties/],
  ['value out of range', /Invalid value /],
];

interface Outcome {
  readonly file: string;
  readonly result: string;
  readonly detail: string;
}

const skip = FOLDER === undefined ? 'SLUICE_WILD_WORKERS names no folder of worker files' : false;
if (skip !== false) console.log(`SKIPPED: wild worker files: ${skip}`);

test('every worker file of the wild starts, or is refused by name', { skip }, async () => {
  await using broker = await startDevBrokerForTest();
  const outcomes: Outcome[] = [];
  for (const file of (await readdir(FOLDER ?? '')).sort())
    outcomes.push(await tryOut(file, broker.bootstrapServers));
  const table = Map.groupBy(outcomes, ({ result }) => result);
  for (const [result, of] of [...table].sort((a, b) => b[1].length - a[1].length))
    console.log(`${String(of.length).padStart(4)}  ${result}`);
  for (const { file, result, detail } of outcomes)
    if (!result.startsWith('starts')) console.log(`${result} | ${file} | ${detail}`);
  const unexplained = outcomes.filter(({ result }) => result === 'unexplained');
  assert.deepEqual(unexplained, []);
});

async function tryOut(file: string, bootstrapServers: string): Promise<Outcome> {
  await using dir = await makeTempDir('wild');
  const warnings: string[] = [];
  const output = { write: (line: string) => void (line.includes(' WARN ') && warnings.push(line)) };
  try {
    if (!file.endsWith('.properties')) return otherForm(file);
    const { props: given } = await readWorkerFile(join(FOLDER ?? '', file));
    const props = await here(given, bootstrapServers, dir.join('offsets'));
    const worker = await StandaloneWorker.start({
      props,
      propsFile: file,
      loggers: new Loggers({ output }),
      signal: new AbortController().signal,
    });
    try {
      const answer = await fetch(`${worker.restUrl}/connectors`);
      assert.equal(answer.status, 200);
    } finally {
      await worker.close();
    }
    const result = warnings.length === 0 ? 'starts' : 'starts, with warnings';
    return { file, result, detail: warnings.join('') };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const reason = REASONS.find(([, pattern]) => pattern.test(detail))?.[0];
    const result = reason === undefined ? 'unexplained' : `refused: ${reason}`;
    return { file, result, detail };
  }
}

async function here(given: Props, bootstrapServers: string, offsets: string): Promise<Props> {
  const kept = Object.entries(given).filter(
    ([key]) => !CONNECTION.test(key) && !/^(admin\.)?listeners|^rest\.advertised/.test(key),
  );
  return {
    ...Object.fromEntries(kept),
    'bootstrap.servers': bootstrapServers,
    'offset.storage.file.filename': offsets,
    listeners: `http://127.0.0.1:${await freePort()}`,
    'default.api.timeout.ms': '20000',
  };
}

/** Environments of containers and manifests of Kubernetes hold keys, but no worker reads them as a file. */
function otherForm(file: string): Outcome {
  return { file, result: 'other form: no properties file', detail: '' };
}
