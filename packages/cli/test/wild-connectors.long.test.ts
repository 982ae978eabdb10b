/**
 * Goal: connector files as people have them are read as Java reads them, and get Java's validation answer
 * where both have the class, else an error that names the class and says what to do. Takes the files from
 * SLUICE_WILD_CONFIGS; without it there is nothing to run.
 *
 * Method: a Java program of a few lines reads each file with the code of `connect-standalone`. Then the
 * very same configs are sent to `config/validate` of Java's worker and of ours. Java's has Kafka's file
 * connectors and, where a bench has left it in the cache, Debezium's JDBC sink. Databases that the files
 * name are not called: a closed port stands for each.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ConfigInfos } from '@sluice/rest';
import { Loggers, readConnectorFile, readWorkerFile } from '@sluice/runtime';
import {
  freePort,
  makeTempDir,
  skipReason,
  startJava,
  startJavaConnectStandalone,
  startKafka,
  testCacheDir,
  type JavaConnect,
  type KafkaCluster,
  type TempDir,
} from '@sluice/testing';
import { StandaloneWorker } from '../src/standalone/standalone-worker.ts';
import {
  manifestsIn,
  NO_WILD_FOLDER,
  shownPath,
  WILD_FOLDER,
  wildFiles,
} from './support/wild-files.ts';

type Config = Readonly<Record<string, unknown>>;

/** What Java's worker made of a file. */
interface JavaReading {
  readonly name?: string;
  readonly config?: Readonly<Record<string, string>>;
  readonly initialState?: string | null;
  readonly error?: string;
}
interface Answer {
  readonly status: number;
  readonly body: ConfigInfos | { readonly error_code: number; readonly message: string };
}

const PROGRAM = fileURLToPath(new URL('./java/ReadConnectorFiles.java', import.meta.url));
const DEBEZIUM = join(testCacheDir(), 'debezium-jdbc-3.6.0.Final');
const hasDebezium = existsSync(DEBEZIUM);
const WORKER = {
  'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
};
const JSON_CONTENT = { 'content-type': 'application/json' };
const UNKNOWN_CLASS = 'Failed to find any class that implements Connector and which name matches ';
/** Stands in for the databases of these files, which are other people's and must not be called. */
const CLOSED = '127.0.0.1:1';
const CLOSED_URLS: Readonly<Record<string, string>> = {
  postgresql: `jdbc:postgresql://${CLOSED}/none`,
  mysql: `jdbc:mysql://${CLOSED}/none`,
  mariadb: `jdbc:mariadb://${CLOSED}/none`,
  oracle: `jdbc:oracle:thin:@//${CLOSED}/none`,
  sqlserver: `jdbc:sqlserver://${CLOSED};databaseName=none`,
  sqlite: 'jdbc:sqlite:/nowhere/none.db',
};
/** What an operator needs to know of a class that is not there. */
const ADVICE =
  /No connector that comes with Sluice has that name, and plugin\.path .*npm install --prefix.*"sluice plugins list --plugin-path/;
/** Why a file that Java can't use, or could only use in part, is refused here. */
const REFUSALS: readonly (readonly [string, RegExp])[] = [
  ['no name in the file, as in Java', /missing the mandatory 'name' configuration/],
  ['two names that differ, as in Java', /"name" inside "config" is/],
  ['broken JSON', /\.json:\d+:\d+: .*\(line \d+, column \d+\)/],
  ["MirrorMaker's driver file", /a file of MirrorMaker's own driver/],
  ['manifest for Kubernetes', /a manifest for Kubernetes \(kind: \w+\)/],
];

/** Where we differ from Java on purpose. Each has to occur. */
const DIFFERENCES: readonly {
  readonly reason: string;
  readonly applies: (config: Config, ours: Answer, theirs: Answer) => boolean;
}[] = [
  {
    reason: 'an interface of Java is no class here: it is not found',
    applies: (_, ours, theirs) =>
      isUnknown(ours) && messageOf(theirs).endsWith(': Instantiation error'),
  },
  {
    reason: "Java can't answer at all where a client override names a class that is not there",
    applies: (config, ours, theirs) =>
      'configs' in ours.body &&
      /^org\.apache\.kafka\.common\.config\.ConfigException: Invalid value .*could not be found/.test(
        messageOf(theirs),
      ) &&
      Object.keys(config).some((key) => key.includes('.override.')),
  },
  {
    reason: "Debezium's sink finds out when it starts that there is no database, ours at once",
    applies: (config, ours, theirs) =>
      String(config['connector.class']).startsWith('io.debezium.connector.jdbc.') &&
      errorsOf(ours)
        .get('connection.url')
        ?.some((error) => error.startsWith('Could not connect to database.')) === true &&
      errorsOf(theirs).get('connection.url')?.length === 0,
  },
];
/** Nested fields, which more of our transformations know than of Java's. */
const OWN_KEY = /^transforms\.\w+\.field\.syntax\.version$/;

const TITLE = 'connector files of the wild';
const skip = WILD_FOLDER === null ? NO_WILD_FOLDER : await skipReason('java-connect', TITLE);
if (WILD_FOLDER === null) console.log(`SKIPPED: ${TITLE}: ${NO_WILD_FOLDER}`);

describe(TITLE, { skip }, () => {
  let dir: TempDir;
  let kafka: KafkaCluster;
  let java: JavaConnect;
  let sluice: StandaloneWorker;
  let files: readonly string[] = [];

  before(async () => {
    dir = await makeTempDir('wild-connectors');
    files = await wildFiles('connectors', 'strimzi-connectors');
    kafka = await startKafka();
    const { bootstrapServers } = kafka;
    const props = { ...WORKER, 'bootstrap.servers': bootstrapServers };
    java = await startJavaConnectStandalone({
      worker: {
        ...props,
        'offset.storage.file.filename': dir.join('java-offsets'),
        ...(hasDebezium ? { 'plugin.path': DEBEZIUM } : {}),
      },
    });
    sluice = await StandaloneWorker.start({
      props: {
        ...props,
        'offset.storage.file.filename': dir.join('offsets'),
        listeners: `http://127.0.0.1:${await freePort()}`,
      },
      propsFile: 'worker.properties',
      loggers: new Loggers({ output: { write: () => undefined } }),
      signal: new AbortController().signal,
    });
  });
  after(async () => {
    await sluice.close();
    // Asked nicely, Java waits a minute for connections that nobody uses.
    await java.kill();
    await java[Symbol.asyncDispose]();
    await kafka[Symbol.asyncDispose]();
    await dir[Symbol.asyncDispose]();
  });

  test('R9.02 every file is read as Java reads it, or refused with what it is', async () => {
    const readings = await javaReadings(files, dir);
    assert.equal(readings.length, files.length);
    const outcomes: string[] = [];
    for (const [index, file] of files.entries())
      outcomes.push(await compareReading(file, readings[index] ?? {}));
    printTable('reading', outcomes);
  });

  test('R1.63 every config gets the answer of Java, or an error that helps', async () => {
    const outcomes: string[] = [];
    const classes: string[] = [];
    const differences: string[] = [];
    for (const file of files)
      for (const written of await configsIn(file)) {
        const config = withoutHosts(written);
        try {
          const ours = await validated(sluice.restUrl, config);
          const theirs = await validated(java.restUrl, config);
          const known = DIFFERENCES.find(({ applies }) => applies(config, ours, theirs));
          const outcome =
            known === undefined ? compareAnswers(config, ours, theirs) : `differs: ${known.reason}`;
          outcomes.push(outcome);
          classes.push(`${outcome} | ${String(config['connector.class'])}`);
        } catch (error) {
          differences.push(`${shownPath(file)}: ${String(error)}`);
        }
      }
    assert.ok(outcomes.length > 0);
    printTable('validation', outcomes);
    printTable('validation by class', classes);
    assert.deepEqual(differences, []);
    for (const { reason } of DIFFERENCES)
      if (hasDebezium || !reason.startsWith('Debezium'))
        assert.ok(outcomes.includes(`differs: ${reason}`), reason);
  });
});

async function javaReadings(files: readonly string[], dir: TempDir): Promise<JavaReading[]> {
  const [list, out] = [dir.join('list'), dir.join('readings')];
  await writeFile(list, files.join('\n'));
  await using reader = await startJava({
    what: "Java's reader of connector files",
    mainClass: PROGRAM,
    args: [list, out],
    heapMb: 256,
  });
  const { code } = await reader.exited;
  assert.equal(code, 0, reader.outputTail());
  const lines = (await readFile(out, 'utf8')).trimEnd().split('\n');
  return lines.map((line): JavaReading => JSON.parse(line));
}

async function compareReading(file: string, theirs: JavaReading): Promise<string> {
  const shown = shownPath(file);
  try {
    const { name, config, targetState } = await readConnectorFile(file);
    assert.deepEqual({ name, config }, { name: theirs.name, config: theirs.config }, shown);
    assert.equal(targetState, 'STARTED', shown);
    assert.equal(theirs.initialState ?? null, null, shown);
    return 'read as Java';
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const reason = REFUSALS.find(([, pattern]) => pattern.test(message))?.[0];
    assert.ok(reason !== undefined && message.includes(file), message);
    // Java reads a manifest as properties, and then misses the class.
    if (theirs.error === undefined)
      assert.equal(theirs.config?.['connector.class'], undefined, shown);
    console.log(`${reason} | ${message.replaceAll(file, shown)}`);
    return `refused: ${reason}`;
  }
}

/** What a file asks of a connector, also where only REST would take it; none where it is broken. */
async function configsIn(file: string): Promise<readonly Config[]> {
  if (extname(file) === '.yaml')
    return (await manifestsIn(file)).flatMap(({ className, config }) =>
      className === null ? [] : [{ name: 'manifest', 'connector.class': className, ...config }],
    );
  if (extname(file) !== '.json') {
    const { props } = await readWorkerFile(file);
    return props['connector.class'] === undefined ? [] : [{ name: 'unnamed', ...props }];
  }
  let parsed: Config & { readonly config?: Config };
  try {
    parsed = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    // Told when it was read.
    return [];
  }
  return [{ name: 'unnamed', ...(parsed.config ?? parsed) }];
}

/** Checking a JDBC connector calls its database: here that is a port where nobody listens. */
function withoutHosts(config: Config): Config {
  const key = 'connection.url';
  const url = config[key];
  if (typeof url !== 'string') return config;
  const database = /^\s*jdbc:(\w+)/i.exec(url)?.[1]?.toLowerCase() ?? '';
  // A URL of no database that is known is refused without calling anybody.
  const closed = CLOSED_URLS[database];
  return closed === undefined ? config : { ...config, [key]: closed };
}

async function validated(restUrl: string, config: Config): Promise<Answer> {
  const name = encodeURIComponent(String(config['connector.class']).split('.').at(-1) ?? '');
  const answer = await fetch(`${restUrl}/connector-plugins/${name}/config/validate`, {
    method: 'PUT',
    headers: JSON_CONTENT,
    body: JSON.stringify(config),
  });
  const text = await answer.text();
  assert.ok(text !== '', `${restUrl} answers ${answer.status} for ${name} with nothing`);
  const body: Answer['body'] = JSON.parse(text);
  return { status: answer.status, body };
}

function compareAnswers(config: Config, ours: Answer, theirs: Answer): string {
  const className = String(config['connector.class']);
  if (!('configs' in ours.body)) {
    assert.ok(!('configs' in theirs.body), `Java answers ${theirs.status}`);
    assert.equal(ours.status, theirs.status);
    const { message } = ours.body;
    const [before, told] = message.split(UNKNOWN_CLASS);
    if (told === undefined) {
      assert.equal(message, theirs.body.message);
      return `refused as in Java: ${ours.status}`;
    }
    assert.ok(told.startsWith(`${className}, available connectors are: `), message);
    assert.match(told, ADVICE);
    const theirWords = `${before}${UNKNOWN_CLASS}${className}, available connectors are: `;
    // Asked again for the same class, Java wraps its answer once more.
    const javas = theirs.body.message.replace(
      'org.apache.kafka.connect.errors.ConnectException: ',
      '',
    );
    assert.equal(javas.slice(0, theirWords.length), theirWords);
    return 'unknown class';
  }
  if (!('configs' in theirs.body)) {
    assert.ok(theirs.body.message.includes(UNKNOWN_CLASS), theirs.body.message);
    assert.equal(ours.status, 200);
    const told = [...errorsOf(ours)].flatMap(([key, errors]) =>
      errors.map((error) => `${key}: ${error}`),
    );
    assert.equal(told.length, ours.body.error_count);
    for (const text of told) console.log(`ours alone | ${className} | ${text}`);
    return told.length === 0 ? 'ours alone: no errors' : 'ours alone: errors by key';
  }
  const [mine, javas] = [errorsOf(ours), errorsOf(theirs)];
  for (const [key, errors] of javas) {
    const own = mine.get(key) ?? [];
    assert.equal(own.length, errors.length, `${key}: ${own.join()} / ${errors.join()}`);
    // Ours may go on with what to do.
    for (const [at, error] of errors.entries())
      assert.ok(own[at]?.startsWith(error.replace(/\.$/, '')), `${key}: ${own[at]} / ${error}`);
  }
  assert.equal(ours.body.error_count, theirs.body.error_count);
  const keys = [...mine.keys()].filter((key) => javas.has(key) || !OWN_KEY.test(key));
  assert.deepEqual(keys.sort(), [...javas.keys()].sort());
  return ours.body.error_count === 0 ? 'as Java: no errors' : 'as Java: the same errors';
}

function messageOf({ body }: Answer): string {
  return 'message' in body ? body.message : '';
}

function isUnknown(answer: Answer): boolean {
  return messageOf(answer).includes(UNKNOWN_CLASS);
}

/** Every key of the answer with its errors. */
function errorsOf({ body }: Answer): ReadonlyMap<string, readonly string[]> {
  if (!('configs' in body)) return new Map();
  return new Map(
    body.configs.map(({ definition, value }) => [
      definition?.name ?? value?.name ?? '',
      value?.errors ?? [],
    ]),
  );
}

function printTable(title: string, outcomes: readonly string[]): void {
  const table = [...Map.groupBy(outcomes, (outcome) => outcome)];
  for (const [outcome, of] of table.sort((a, b) => b[1].length - a[1].length))
    console.log(`${title}: ${of.length} | ${outcome}`);
}
