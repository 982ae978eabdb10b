import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConnectError, type Props } from '@sluice/api';
import { readConnectorFile, type ConnectorFile } from '@sluice/runtime';

/** Where the pipeline of `sluice dev` comes from and where it works. */
export interface QuickstartFiles {
  /** The connectors, their files inside the data directory. */
  readonly source: ConnectorFile;
  readonly sink: ConnectorFile;
  /** Writes the topic into a table of SQLite. */
  readonly table: ConnectorFile;
  /** Reads the table back into a second topic. */
  readonly again: ConnectorFile;
  /** The copy that is watched: what is appended to it arrives. */
  readonly watchedFile: string;
  readonly outputFile: string;
  readonly offsetsFile: string;
  readonly logFile: string;
  readonly brokerDirectory: string;
  readonly databaseFile: string;
  readonly topic: string;
  readonly secondTopic: string;
  /** How many records the data set has. */
  readonly recordCount: number;
}

const QUICKSTART = join('examples', 'quickstart');
/** Beside the checkout's packages, seen from this file's build as well as from its source. */
const CHECKOUT = fileURLToPath(new URL('../../../../', import.meta.url));

/**
 * Prepares the pipeline in `dataDirectory`. Every run begins clean: the data set is copied anew and
 * what an earlier run kept there is removed, so that the same records always flow; the checkout
 * itself is never written to, except below its `.sluice`.
 *
 * @throws ConnectError when the example is not there
 */
export async function prepareQuickstart(
  dataDirectory: string,
  workingDirectory: string,
): Promise<QuickstartFiles> {
  const folder = [workingDirectory, CHECKOUT]
    .map((root) => join(root, QUICKSTART))
    .find((candidate) => existsSync(candidate));
  if (folder === undefined)
    throw new ConnectError(
      `The example that "sluice dev" runs is not there: looked for ${QUICKSTART} in ` +
        `${workingDirectory} and beside the package. Run it in a checkout of Sluice.`,
    );
  const data = join(folder, 'data', 'weather.jsonl');
  await requireAlone(dataDirectory);
  await rm(dataDirectory, { recursive: true, force: true });
  await mkdir(dataDirectory, { recursive: true });
  await writeFile(join(dataDirectory, PID_FILE), String(process.pid));
  const watchedFile = join(dataDirectory, 'weather.jsonl');
  const outputFile = join(dataDirectory, 'weather-out.jsonl');
  await copyFile(data, watchedFile);
  // There from the start, so that it can be followed before the first record is written.
  await writeFile(outputFile, '');
  const source = await readConnectorFile(join(folder, 'weather-source.json'));
  const sink = await readConnectorFile(join(folder, 'weather-sink.json'));
  const table = await readConnectorFile(join(folder, 'weather-table.json'));
  const again = await readConnectorFile(join(folder, 'weather-again.json'));
  const databaseFile = join(dataDirectory, 'weather.db');
  const connection = { 'connection.url': `jdbc:sqlite:${databaseFile}` };
  return {
    source: withConfig(source, { file: watchedFile }),
    sink: withConfig(sink, { file: outputFile }),
    table: withConfig(table, connection),
    again: withConfig(again, connection),
    databaseFile,
    watchedFile,
    outputFile,
    offsetsFile: join(dataDirectory, 'offsets'),
    logFile: join(dataDirectory, 'worker.log'),
    brokerDirectory: join(dataDirectory, 'broker'),
    topic: sink.config['topics'] ?? '',
    secondTopic: again.config['topic.prefix'] ?? '',
    recordCount: await lineCount(data),
  };
}

/** Another `sluice dev` in the same folder must not lose its data under its feet. */
async function requireAlone(dataDirectory: string): Promise<void> {
  const path = join(dataDirectory, PID_FILE);
  const pid = Number(await readFile(path, 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid || !isRunning(pid)) return;
  throw new ConnectError(
    `Another "sluice dev" (process ${pid}) works in ${dataDirectory}. Stop it, or run this one in ` +
      `another folder. If that process is something else, remove ${path}.`,
  );
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // No such process, or not ours to signal: then it is no `sluice dev` of this user either.
    return false;
  }
}

/** How many lines a file has that end; 0 when it is not there. */
export async function lineCount(path: string): Promise<number> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch {
    return 0;
  }
  let count = 0;
  for (const byte of bytes) if (byte === NEWLINE) count++;
  return count;
}

const NEWLINE = 0x0a;
const PID_FILE = 'pid';

function withConfig(connector: ConnectorFile, changes: Props): ConnectorFile {
  return { ...connector, config: { ...connector.config, ...changes } };
}
