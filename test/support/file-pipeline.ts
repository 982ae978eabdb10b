import { freePort, makeTempDir, propertiesText, startSluice } from '@sluice/testing';
import type { SluiceProcess, TempDir } from '@sluice/testing';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

type Properties = Readonly<Record<string, string>>;

/** A file, through FileStreamSource into a topic, through FileStreamSink into another file. */
export interface FilePipeline extends AsyncDisposable {
  readonly dir: TempDir;
  readonly inFile: string;
  readonly outFile: string;
  readonly offsetsFile: string;
  readonly topic: string;
  readonly restUrl: string;
  readonly workerFile: string;
  readonly connectorFiles: readonly string[];
  /** Starts the worker and waits until it answers. */
  start(): Promise<SluiceProcess>;
  /** The byte that the source has committed, as the offsets file says; 0 before the first commit. */
  committedPosition(): Promise<number>;
}

/** What differs from the plain pipeline. */
export interface FilePipelineOptions {
  readonly bootstrapServers: string;
  readonly topic?: string;
  readonly workerProps?: Properties;
  readonly sourceProps?: Properties;
  readonly sinkProps?: Properties;
  /** Standard input and output in place of the two files. */
  readonly isWithoutFiles?: boolean;
  /** Further connectors; files are given relative to the pipeline's folder. */
  readonly moreConnectors?: readonly Properties[];
}

export const STRING_CONVERTERS: Properties = {
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
};

/** Writes the property files of a pipeline into a folder of its own. */
export async function aFilePipeline(options: FilePipelineOptions): Promise<FilePipeline> {
  const dir = await makeTempDir('pipeline');
  const restUrl = `http://127.0.0.1:${await freePort()}`;
  const topic = options.topic ?? 'lines';
  const [inFile, outFile, offsetsFile] = [dir.join('in'), dir.join('out'), dir.join('offsets')];
  const workerFile = dir.join('worker.properties');
  const worker: Properties = {
    'bootstrap.servers': options.bootstrapServers,
    ...STRING_CONVERTERS,
    'offset.storage.file.filename': offsetsFile,
    'offset.flush.interval.ms': '1000',
    listeners: restUrl,
    ...options.workerProps,
  };
  const source: Properties = {
    name: `${topic}-source`,
    'connector.class': 'FileStreamSource',
    'tasks.max': '1',
    file: inFile,
    topic,
    ...options.sourceProps,
  };
  const sink: Properties = {
    name: `${topic}-sink`,
    'connector.class': 'FileStreamSink',
    'tasks.max': '1',
    file: outFile,
    topics: topic,
    ...options.sinkProps,
  };
  await writeFile(workerFile, propertiesText(worker));
  const connectorFiles: string[] = [];
  for (const connector of [source, sink, ...(options.moreConnectors ?? [])]) {
    const { name = '', file = '', ...others } = connector;
    connectorFiles.push(dir.join(`${name}.properties`));
    const whole = { name, file: path.resolve(dir.path, file), ...others };
    const props = options.isWithoutFiles === true ? { name, ...others } : whole;
    await writeFile(dir.join(`${name}.properties`), propertiesText(props));
  }
  return {
    dir,
    inFile,
    outFile,
    offsetsFile,
    topic,
    restUrl,
    workerFile,
    connectorFiles,
    async start() {
      const args = ['standalone', workerFile, ...connectorFiles];
      const sluice = await startSluice({ args, cwd: dir.path });
      await sluice.restReady(restUrl);
      return sluice;
    },
    committedPosition: () => committedPosition(offsetsFile),
    [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
  };
}

/** Reads it out of the JSON that stands inside Java's serialised form. */
async function committedPosition(offsetsFile: string): Promise<number> {
  const text = await readFile(offsetsFile, 'latin1').catch(() => '');
  const found = /"position":(\d+)/.exec(text);
  return found === null ? 0 : Number(found[1]);
}
