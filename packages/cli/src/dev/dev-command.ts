import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectError, type Props } from '@sluice/api';
import { BrokerStartError, startDevBroker, type DevBroker } from '@sluice/dev-broker';
import { Loggers, type ConnectorFile } from '@sluice/runtime';
import { EXIT_CODE } from '../exit-code.ts';
import { StandaloneWorker } from '../standalone/standalone-worker.ts';
import { StopSignals } from '../stop-signals.ts';
import { watchProgress, type Progress } from './dev-progress.ts';
import { DevScreen } from './dev-screen.ts';
import { lineCount, prepareQuickstart, type QuickstartFiles } from './quickstart-files.ts';

/** How `sluice dev` runs. */
export interface DevOptions {
  /** Ends when the data is through. */
  readonly isOnce: boolean;
  /** How long that may take. */
  readonly timeoutMs: number;
}

const DATA_DIRECTORY = join('.sluice', 'dev');
const BROKER_PORT = 9092;
const REST_PORT = 8083;
const BROKER_LOGGER = 'sluice.dev-broker';
const FOLLOW_EVERY_MS = 500;
const USAGE_ERROR = 'sluice: --timeout takes a number of seconds above 0\n';

/**
 * `sluice dev`: broker, worker and a pipeline on real data in this one process. Every run begins
 * clean and shows the same records flowing.
 */
export async function devCommand(options: DevOptions): Promise<number> {
  if (!(options.timeoutMs > 0)) {
    process.stderr.write(USAGE_ERROR);
    return EXIT_CODE.usage;
  }
  using stop = new StopSignals(process, (code) => process.exit(code));
  try {
    const files = await prepareQuickstart(DATA_DIRECTORY, process.cwd());
    const screen = new DevScreen(process.stdout, files);
    const loggers = devLoggers(files.logFile);
    await using broker = await startBroker(files, loggers);
    await using worker = await startWorker(files, broker, loggers, stop.signal);
    for (const connector of connectorsOf(files)) await worker.createConnector(connector);
    worker.ready();
    const notes = [
      ...moved('the broker', BROKER_PORT, broker.port),
      ...moved('REST', REST_PORT, Number(new URL(worker.restUrl).port)),
    ];
    screen.started({ broker: broker.bootstrapServers, rest: worker.restUrl, notes });
    const exitCode = await watch(worker, files, screen, options, stop);
    screen.say(
      stop.signal.aborted ? 'Stopping (Ctrl-C again ends it at once) ...' : 'Stopping ...',
    );
    return exitCode;
  } catch (error) {
    if (stop.signal.aborted) return EXIT_CODE.ok;
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`sluice: dev can't start: ${reason}\n`);
    return EXIT_CODE.usage;
  }
}

/** On Kafka's own port if nobody has it, else on a free one. */
async function startBroker(files: QuickstartFiles, loggers: Loggers): Promise<DevBroker> {
  const dataDir = files.brokerDirectory;
  const logger = loggers.get(BROKER_LOGGER);
  try {
    return await startDevBroker({ dataDir, port: BROKER_PORT, logger });
  } catch (error) {
    if (!(error instanceof BrokerStartError) || error.code !== 'PORT_IN_USE') throw error;
    return startDevBroker({ dataDir, port: 0, logger });
  }
}

/** REST on Connect's own port if nobody has it, else on a free one. */
async function startWorker(
  files: QuickstartFiles,
  broker: DevBroker,
  loggers: Loggers,
  signal: AbortSignal,
): Promise<StandaloneWorker> {
  const propsFile = 'the properties that "sluice dev" makes';
  const start = (restPort: number): Promise<StandaloneWorker> => {
    const props = workerProps(files, broker, restPort);
    return StandaloneWorker.start({ props, propsFile, loggers, signal });
  };
  try {
    return await start(REST_PORT);
  } catch (error) {
    if (!(error instanceof ConnectError) || error.code !== 'CONNECT_REST_BIND') throw error;
    return start(0);
  }
}

async function watch(
  worker: StandaloneWorker,
  files: QuickstartFiles,
  screen: DevScreen,
  options: DevOptions,
  stop: StopSignals,
): Promise<number> {
  const outcome = await watchProgress({
    expected: files.recordCount,
    look: () => look(worker, files),
    onChange: (progress) => screen.progress(progress),
    timeoutMs: options.timeoutMs,
    signal: stop.signal,
  });
  switch (outcome.type) {
    case 'stopped':
      return options.isOnce ? EXIT_CODE.usage : EXIT_CODE.ok;
    case 'failed':
      screen.say(`The pipeline has failed: ${outcome.reason}\nMore is in ${files.logFile}.`);
      break;
    case 'late': {
      const { recordsIn, recordsOut, rows, recordsAgain } = outcome.progress;
      screen.say(
        `After ${Math.round(options.timeoutMs / 1000)} s only ${recordsIn} of ` +
          `${files.recordCount} records are in, ${recordsOut} out, ${rows} in the table and ` +
          `${recordsAgain} back in Kafka. ` +
          `Why is in ${files.logFile}; --timeout gives it longer.`,
      );
      break;
    }
    case 'through':
      await screen.through(outcome.progress);
  }
  if (options.isOnce) return outcome.type === 'through' ? EXIT_CODE.ok : EXIT_CODE.usage;
  screen.whatNext(worker.restUrl);
  await followOutput(files, screen, stop.signal);
  return EXIT_CODE.ok;
}

/** Says when more records come out, until the signal comes. */
async function followOutput(
  files: QuickstartFiles,
  screen: DevScreen,
  signal: AbortSignal,
): Promise<void> {
  let known = await lineCount(files.outputFile);
  while (!signal.aborted) {
    await sleep(FOLLOW_EVERY_MS, undefined, { signal }).catch(() => undefined);
    const count = await lineCount(files.outputFile);
    if (count > known) screen.arrived(count - known);
    known = count;
  }
}

async function look(worker: StandaloneWorker, files: QuickstartFiles): Promise<Progress> {
  const recordsOut = async ({ name }: ConnectorFile): Promise<number> =>
    (await worker.taskProgress({ connector: name, task: 0 }))?.recordsOut ?? 0;
  const failures = await Promise.all(
    connectorsOf(files).map(({ name }) => failureOf(worker, name)),
  );
  return {
    recordsIn: await recordsOut(files.source),
    recordsOut: await lineCount(files.outputFile),
    rows: await recordsOut(files.table),
    recordsAgain: await recordsOut(files.again),
    failure: failures.find((failure) => failure !== null) ?? null,
  };
}

function connectorsOf({ source, sink, table, again }: QuickstartFiles): readonly ConnectorFile[] {
  return [source, sink, table, again];
}

async function failureOf(worker: StandaloneWorker, name: string): Promise<string | null> {
  const { connector, tasks } = await worker.herder.connectorStatus(name);
  const failed = [connector, ...tasks].find(({ state }) => state === 'FAILED');
  return failed === undefined ? null : (failed.trace ?? `${name} is FAILED`);
}

/** The log goes to a file, that of the tasks too: the screen is for people. */
function devLoggers(logFile: string): Loggers {
  return new Loggers({ fds: [openSync(logFile, 'a')] });
}

function workerProps(files: QuickstartFiles, broker: DevBroker, restPort: number): Props {
  return {
    'bootstrap.servers': broker.bootstrapServers,
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable': 'false',
    'offset.storage.file.filename': files.offsetsFile,
    'offset.flush.interval.ms': '5000',
    listeners: `http://127.0.0.1:${restPort}`,
  };
}

function moved(what: string, wanted: number, port: number): readonly string[] {
  return wanted === port ? [] : [`port ${wanted} is taken, so ${what} is on ${port}`];
}
