/**
 * What converters and transformations cost per record, beside Kafka's own classes:
 * `node --conditions=@sluice/source bench/data/data.bench.ts [text in the title ...]`.
 *
 * Each case gets two fresh processes of either side, so that what one case has taught a compiler
 * does not colour the next. They are warmed up, then take turns, one at a time. CPU time of all
 * threads, not the clock. The two processes of a side do the same: what they differ by (A/A) is what
 * a figure here can't tell.
 */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { median } from '../measure/process-cost.ts';
import { CASES, type Case } from './cases.ts';

const ROUNDS = 5;
const ROUND_MS = 300;
const WARM_UP_MS = { ours: 1_000, java: 3_000 } as const;
const PROCESSES = 2;
/** The settings that served Java best in whole workers: throughput collector, large young space. */
const JVM_FLAGS = ['-Xms768m', '-Xmx768m', '-Xmn512m', '-XX:+UseParallelGC'];

const JAVA = fileURLToPath(new URL('java/', import.meta.url));
const SIDE = fileURLToPath(new URL('side.ts', import.meta.url));

/** A process that does one case; ends with its input. */
class Side implements AsyncDisposable {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  readonly rounds: number[] = [];

  constructor(command: string, args: readonly string[]) {
    this.#process = spawn(command, args);
    this.#process.stderr.pipe(process.stderr);
    this.#reader = createInterface({ input: this.#process.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  /** What it made of one order. */
  async sample(): Promise<string> {
    return this.#answer('sample');
  }

  async round(milliseconds: number): Promise<number> {
    this.#process.stdin.write(`${milliseconds}\n`);
    return Number(await this.#answer('round'));
  }

  get median(): number {
    return median(this.rounds);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('close', resolve));
    this.#process.stdin.end();
    await ended;
  }

  async #answer(word: string): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true || !value.startsWith(`${word} `)) throw new Error(`no ${word}: ${value}`);
    return value.slice(word.length + 1);
  }
}

interface Result {
  readonly ours: number;
  readonly java: number;
  readonly oursApart: number;
  readonly javaApart: number;
}

async function measure(spec: Case, classPath: string): Promise<Result> {
  const text = JSON.stringify(spec);
  await using sides = new AsyncDisposableStack();
  const start = (command: string, args: readonly string[]): readonly Side[] =>
    Array.from({ length: PROCESSES }, () => sides.use(new Side(command, [...args, text])));
  const ours = start(process.execPath, ['--conditions=@sluice/source', SIDE]);
  const java = start('java', [...JVM_FLAGS, '-cp', classPath, 'sluice.bench.Main']);
  await compareSamples(spec, [...ours, ...java]);
  for (const side of ours) await side.round(WARM_UP_MS.ours);
  for (const side of java) await side.round(WARM_UP_MS.java);
  for (let i = 0; i < ROUNDS; i++) {
    for (const side of [0, 1].flatMap((at) => [ours[at], java[at]])) {
      side?.rounds.push(await side.round(ROUND_MS));
    }
  }
  return {
    ours: median(ours.flatMap((side) => side.rounds)),
    java: median(java.flatMap((side) => side.rounds)),
    oursApart: apart(ours),
    javaApart: apart(java),
  };
}

async function compareSamples(spec: Case, sides: readonly Side[]): Promise<void> {
  const samples = new Set(await Promise.all(sides.map((side) => side.sample())));
  if (samples.size > 1) throw new Error(`${spec.title}: ${[...samples].join(' is not ')}`);
}

/** By how much the processes of one side differ. */
function apart(sides: readonly Side[]): number {
  const medians = sides.map((side) => side.median);
  return Math.max(...medians) / Math.min(...medians);
}

function buildJava(): string {
  const jars = `${JAVA}target/jars`;
  const isBuilt = existsSync(jars) && readdirSync(jars).length > 0;
  const flags = isBuilt ? ['-q', '-o'] : ['-q'];
  const built = spawnSync('mvn', [...flags, '-B', '-f', `${JAVA}pom.xml`, 'compile'], {
    stdio: 'inherit',
  });
  if (built.status !== 0) throw new Error('Maven could not build bench/data/java');
  return `${JAVA}target/classes:${jars}/*`;
}

const wanted = process.argv.slice(2);
const chosen = CASES.filter(({ title }) => {
  return wanted.length === 0 || wanted.some((text) => title.includes(text));
});
const classPath = buildJava();
console.log('| case | ours (ns) | Java (ns) | ratio | goal | A/A ours | A/A Java |');
console.log('|---|---|---|---|---|---|---|');
for (const spec of chosen) {
  const { ours, java, oursApart, javaApart } = await measure(spec, classPath);
  const ratio = ours / java;
  const goal = `${spec.goal.toFixed(2)}${ratio <= spec.goal ? '' : ' missed'}`;
  console.log(
    `| ${spec.title} | ${ours.toFixed(0)} | ${java.toFixed(0)} | ${ratio.toFixed(2)} | ${goal} ` +
      `| ${oursApart.toFixed(2)} | ${javaApart.toFixed(2)} |`,
  );
}
