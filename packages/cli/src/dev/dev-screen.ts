import { open } from 'node:fs/promises';
import type { Progress } from './dev-progress.ts';
import type { QuickstartFiles } from './quickstart-files.ts';

/** Where lines go; a terminal can be written over. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const FIRST_RECORDS = 3;
const FIRST_BYTES = 16 * 1024;
const LINE_WIDTH_MAX = 160;

/** What `sluice dev` says: a few lines for people. */
export class DevScreen {
  readonly #screen: Screen;
  readonly #files: QuickstartFiles;
  #isLineOpen = false;

  constructor(screen: Screen, files: QuickstartFiles) {
    this.#screen = screen;
    this.#files = files;
  }

  started(where: {
    readonly broker: string;
    readonly rest: string;
    readonly notes: readonly string[];
  }): void {
    const { brokerDirectory, logFile, watchedFile, outputFile, topic } = this.#files;
    const { databaseFile, secondTopic } = this.#files;
    this.#line('Sluice is running:');
    this.#line(
      `  broker    ${where.broker} (embedded, for first steps; data in ${brokerDirectory})`,
    );
    this.#line(`  worker    ${where.rest} (Kafka Connect's REST API; log in ${logFile})`);
    this.#line(`  pipeline  ${watchedFile}`);
    this.#line(`            -> 2 transformations -> topic "${topic}"`);
    this.#line(`            -> ${outputFile}`);
    this.#line(`  table     topic "${topic}" -> table "${topic}" in ${databaseFile}`);
    this.#line(`            -> topic "${secondTopic}"`);
    for (const note of where.notes) this.#line(`  note      ${note}`);
    this.#line('');
  }

  /** On a terminal one line that changes; elsewhere nothing until the end. */
  progress(progress: Progress): void {
    if (this.#screen.isTTY !== true) return;
    this.#screen.write(`\r${this.#counts(progress)}`);
    this.#isLineOpen = true;
  }

  async through(progress: Progress): Promise<void> {
    this.#closeLine();
    this.#line(`${this.#counts(progress)}.`);
    this.#line(`The first ${FIRST_RECORDS} that came out:`);
    for (const record of await firstLines(this.#files.outputFile, FIRST_RECORDS)) {
      const isLong = record.length > LINE_WIDTH_MAX;
      this.#line(`  ${isLong ? `${record.slice(0, LINE_WIDTH_MAX)} ...` : record}`);
    }
    this.#line('');
  }

  whatNext(restUrl: string): void {
    const { watchedFile, outputFile, source } = this.#files;
    this.#line('Try next, in another terminal:');
    this.#line('  append a line and see it arrive within a second:');
    this.#line(
      `    echo '{"location":"Here","date":"2026-01-01","weather":"sun"}' >> ${watchedFile}`,
    );
    this.#line(`    tail -1 ${outputFile}`);
    this.#line('  ask the worker:');
    this.#line(`    curl ${restUrl}/connectors/${source.name}/status`);
    this.#line('  use an Apache Kafka of your own: put its address into "bootstrap.servers" of');
    this.#line('    examples/quickstart/worker.properties and run');
    this.#line('    npx sluice standalone examples/quickstart/worker.properties \\');
    this.#line('      examples/quickstart/weather-*.json');
    this.#line('');
    this.#line('Ctrl-C stops it.');
  }

  arrived(count: number): void {
    this.#line(`${count} more record${count === 1 ? '' : 's'} came out (${now()}).`);
  }

  say(text: string): void {
    this.#closeLine();
    this.#line(text);
  }

  #counts({ recordsIn, recordsOut, rows, recordsAgain }: Progress): string {
    const all = this.#files.recordCount;
    return (
      `${recordsIn} of ${all} records in, ${recordsOut} out; ${rows} rows in the table, ` +
      `${recordsAgain} back in Kafka`
    );
  }

  #closeLine(): void {
    if (this.#isLineOpen) this.#screen.write('\n');
    this.#isLineOpen = false;
  }

  #line(text: string): void {
    this.#screen.write(`${text}\n`);
  }
}

function now(): string {
  return new Date().toLocaleTimeString();
}

async function firstLines(path: string, count: number): Promise<readonly string[]> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(FIRST_BYTES), 0, FIRST_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead).split('\n').slice(0, count);
  } finally {
    await file.close();
  }
}
