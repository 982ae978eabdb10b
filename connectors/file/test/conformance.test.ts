import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  connectorSuite,
  type SinkEnvironment,
  type SourceEnvironment,
} from '@sluice/testing/conformance';
import { fileStreamSink, fileStreamSource, jsonLinesSink, jsonLinesSource } from '../src/index.ts';

const manifest = new URL('../connect.json', import.meta.url);

/** A file of its own for each check; `line` makes the text of the record with that number. */
async function sourceFile(line: (index: number) => string): Promise<SourceEnvironment> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-file-'));
  const file = join(directory, 'in.txt');
  let written = 0;
  await appendFile(file, '');
  return {
    props: { file, topic: 'lines', 'batch.size': '2' },
    async produce(count) {
      for (let i = 0; i < count; i++) await appendFile(file, `${line(written++)}\n`);
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}

async function sinkFile(): Promise<SinkEnvironment> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-file-'));
  const file = join(directory, 'out.txt');
  return {
    props: { file },
    async received() {
      const text = await readFile(file, 'utf8').catch(() => '');
      return text.split('\n').length - 1;
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}

for (const plugin of [fileStreamSource, jsonLinesSource])
  connectorSuite({
    plugin,
    manifest,
    environment: () => sourceFile((index) => `{"number":${index},"name":"löwe"}`),
  });

for (const plugin of [fileStreamSink, jsonLinesSink])
  connectorSuite({ plugin, manifest, environment: sinkFile });
