import { ConnectError, type Logger, type Props } from '@sluice/api';
import {
  environmentOrigins,
  errorWithOrigin,
  readConnectorFile,
  readWorkerFile,
  workerOrigins,
  type WorkerFile,
} from '@sluice/runtime';
import { withJaasFile } from '../environment/jaas-file.ts';
import { javaOptions } from '../environment/java-options.ts';
import { workerLoggers } from '../environment/worker-loggers.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { StopSignals } from '../stop-signals.ts';
import { refusedConnector } from './refused-connector.ts';
import { StandaloneWorker, WorkerStartError } from './standalone-worker.ts';

const LOGGER = 'org.apache.kafka.connect.cli.ConnectStandalone';

const USAGE = `Usage: \
sluice standalone worker.properties [connector1.properties connector2.json ...]

Runs one worker by itself, with the connectors of the files given; more can be created over REST.
A connector file is a JSON object or Java properties, as for connect-standalone.

Environment:
  SLUICE_LOG_FORMAT=json   one JSON object a line, on standard error
  KAFKA_OPTS               JAAS and Kerberos files, as for connect-standalone
  KAFKA_LOG4J_OPTS         a log4j file: its levels and files are honoured

Exit codes: 0 stopped, 1 usage, 2 can't start, 3 a connector of the files was not created.
`;

/**
 * `sluice standalone`: this process is the worker. Settles with the exit code when it has stopped.
 */
export async function standaloneCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number> {
  const [propsFile, ...connectorFiles] = args;
  const isHelp = args.some((arg) => arg === '--help' || arg === '-h');
  if (propsFile === undefined || isHelp || propsFile.startsWith('-')) {
    if (propsFile !== undefined && !isHelp)
      process.stderr.write(`sluice: there is no option ${propsFile}\n`);
    process.stdout.write(USAGE);
    return EXIT_CODE.usage;
  }
  let loggers = await workerLoggers(environment);
  let logger = loggers.get(LOGGER);
  using stop = new StopSignals(process, (code) => process.exit(code));
  let given: WorkerFile = { props: {}, origins: new Map() };
  try {
    const { jaasFile, krb5File } = javaOptions(environment);
    // What reads Kerberos tickets looks for its file here.
    if (krb5File !== null) process.env['KRB5_CONFIG'] ??= krb5File;
    given = await withEnvironment(await readWorkerFile(propsFile), jaasFile);
    const { props, origins } = given;
    if (props['sluice.log.format']?.trim().toLowerCase() === 'json') {
      loggers = await workerLoggers({ ...environment, SLUICE_LOG_FORMAT: 'json' });
      logger = loggers.get(LOGGER);
    }
    const name = propsFile === '' ? 'the worker properties' : propsFile;
    const { signal } = stop;
    const worker = await StandaloneWorker.start({
      props,
      propsFile: name,
      origins,
      loggers,
      signal,
    });
    return await run(worker, connectorFiles, props, stop, logger);
  } catch (error) {
    if (stop.signal.aborted) return EXIT_CODE.ok;
    const told = errorWithOrigin(error, workerOrigins(given));
    logger.error(`Stopping due to error: ${messageOf(told)}`, detailsOf(told));
    return error instanceof WorkerStartError ? EXIT_CODE.startFailed : EXIT_CODE.cannotStart;
  }
}

/** The file's properties with what the environment adds to them. */
async function withEnvironment(file: WorkerFile, jaasFile: string | null): Promise<WorkerFile> {
  const props = await withJaasFile(file.props, jaasFile);
  const added = environmentOrigins(file.props, props, 'KAFKA_OPTS');
  return { props, origins: new Map([...file.origins, ...added]) };
}

/** @throws what REST would answer, with the lines of the file that it is about */
async function create(worker: StandaloneWorker, path: string, props: Props): Promise<void> {
  const file = await readConnectorFile(path);
  try {
    await worker.createConnector(file);
  } catch (error) {
    throw await refusedConnector(error, file, worker.herder, props);
  }
}

async function run(
  worker: StandaloneWorker,
  connectorFiles: readonly string[],
  props: Props,
  stop: StopSignals,
  logger: Logger,
): Promise<number> {
  let exitCode: number = EXIT_CODE.ok;
  try {
    for (const file of connectorFiles) {
      if (stop.signal.aborted) break;
      await create(worker, file, props);
    }
    worker.ready();
    await stop.stopped();
  } catch (error) {
    logger.error(`Stopping after connector error: ${messageOf(error)}`, detailsOf(error));
    exitCode = EXIT_CODE.startFailed;
  }
  await worker.close();
  return exitCode;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The stack of what was not foreseen; a foreseen error's message says all there is to say. */
function detailsOf(error: unknown): { readonly error: unknown } | undefined {
  const isForeseen =
    error instanceof ConnectError || (error instanceof Error && error.name === 'RestError');
  return isForeseen ? undefined : { error };
}
