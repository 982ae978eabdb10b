/**
 * Goal: worker files as people have them start here, or are refused for a reason that names the key. Takes
 * a folder of such files from SLUICE_WILD_CONFIGS; without it there is nothing to run.
 *
 * Each file is started in this process, one after the other, on a broker that is there: what says where the
 * broker is and how to log in to it, where REST listens and where offsets are kept is replaced. Variables
 * of containers and manifests are no worker's files: they are refused with what they are, and then what
 * an image or operator makes of them is started like the others.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Props } from '@sluice/api';
import { Loggers, readWorkerFile, standaloneConfig } from '@sluice/runtime';
import { freePort, makeTempDir, startDevBrokerForTest } from '@sluice/testing';
import { StandaloneWorker } from '../src/standalone/standalone-worker.ts';
import {
  environmentOf,
  manifestsIn,
  NO_WILD_FOLDER,
  shownPath,
  WILD_FOLDER,
  wildFiles,
} from './support/wild-files.ts';

/** Where the author's broker was and how to log in to it. */
const CONNECTION = /^((producer|consumer|admin)\.)?(bootstrap\.servers|security\.|sasl\.|ssl\.)/;
/** Why a refusal is right: each has to be one of these, and names its key. */
const REASONS: readonly (readonly [string, RegExp])[] = [
  [
    'converter class not here',
    /for configuration (key|value|header)\.converter: Class .* could not be found/,
  ],
  ['required key missing', /Missing required configuration "/],
  [
    'config provider not here',
    /config\.providers.*(no such config provider here|class is missing)/,
  ],
  ['REST extension not here', /rest\.extension\.classes/],
  ['key refused on purpose', /worker key "[^"]+" can't be honoured/],
  ['unreadable', /Can't read the worker properties/],
  ['value out of range', /Invalid value .* for configuration /],
];
/** What operators and images give a worker that nobody told otherwise. */
const OPERATORS_OWN: Props = {
  'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
};

interface Outcome {
  readonly form: string;
  readonly file: string;
  readonly result: string;
  readonly detail: string;
}

const skip = WILD_FOLDER === null ? NO_WILD_FOLDER : false;
if (skip !== false) console.log(`SKIPPED: wild worker files: ${skip}`);

test('every worker file of the wild starts, or is refused by name', { skip }, async () => {
  await using broker = await startDevBrokerForTest();
  const outcomes: Outcome[] = [];
  for (const file of await wildFiles('workers'))
    for (const [form, props] of await formsOf(file))
      outcomes.push(await tryOut(form, file, props, broker.bootstrapServers));
  const table = Map.groupBy(outcomes, ({ form, result }) => `${form} | ${result}`);
  for (const result of [...table.keys()].toSorted())
    console.log(`${table.get(result)?.length} | ${result}`);
  for (const { file, result, detail } of outcomes)
    if (result !== 'starts') console.log(`${result} | ${shownPath(file)} | ${detail}`);
  assert.ok(outcomes.length > 0);
  const unexplained = outcomes.filter(({ result }) => result === 'unexplained');
  assert.deepEqual(unexplained, []);
});

test('what is no worker file is told for what it is', { skip }, async () => {
  const others = (await wildFiles('workers')).filter((file) => !file.endsWith('.properties'));
  assert.ok(others.length > 0);
  for (const file of others) {
    const { props } = await readWorkerFile(file);
    const isManifest = file.endsWith('.yaml');
    const told = isManifest
      ? /a manifest for Kubernetes \(kind: \w+\)/
      : /variables for a container/;
    assert.throws(() => standaloneConfig(props), told, shownPath(file));
  }
});

/** What a file makes of a worker: itself, or what an image or operator hands to it. */
async function formsOf(file: string): Promise<readonly (readonly [string, Props])[]> {
  if (file.endsWith('.properties')) return [['properties', (await readWorkerFile(file)).props]];
  if (file.endsWith('.env')) {
    const { props, hasBareNames } = await environmentOf(file);
    // Pieces of a larger Compose file hold one setting or two: the rest stands elsewhere.
    if (shownPath(file).includes('/partial-'))
      return [['piece of an environment', { ...OPERATORS_OWN, ...props }]];
    // Debezium's image takes names without CONNECT_, and has converters of its own.
    return [['environment', hasBareNames ? { ...OPERATORS_OWN, ...props } : props]];
  }
  return (await manifestsIn(file)).flatMap(({ kind, config }) =>
    kind === 'KafkaConnect' || kind === 'Connect'
      ? [[`manifest ${kind}`, { ...OPERATORS_OWN, ...config }] as const]
      : [],
  );
}

async function tryOut(
  form: string,
  file: string,
  given: Props,
  bootstrapServers: string,
): Promise<Outcome> {
  await using dir = await makeTempDir('wild');
  const warnings: string[] = [];
  const isWarning = (line: string): boolean =>
    line.includes(' WARN ') && /worker key|plugin\.path/.test(line);
  const output = { write: (line: string) => void (isWarning(line) && warnings.push(line)) };
  try {
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
    return { form, file, result, detail: warnings.join('') };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const reason = REASONS.find(([, pattern]) => pattern.test(detail))?.[0];
    const result = reason === undefined ? 'unexplained' : `refused: ${reason}`;
    return { form, file, result, detail };
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
