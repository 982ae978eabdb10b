import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { underLock } from './file-lock.ts';
import { OwnedProcess } from './owned-process.ts';
import { testCacheDir } from './server-files.ts';

/** The release that tests run against. */
export const KAFKA_VERSION = '4.3.1';

const LOG4J_VERSION = '2.25.4';
const KAFKA_ARTIFACTS = [
  'kafka_2.13',
  'kafka-tools',
  'connect-runtime',
  'connect-json',
  'connect-transforms',
  'connect-file',
];
/** Part of the folder's name: raise it when the set of jars changes. */
const SET = 1;
const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';
const FETCH_TIMEOUT_MS = 300_000;

/**
 * The Java class path that holds broker, tools and Connect runtime. The first call on a machine
 * fetches some 95 jars (55 MB) from Maven Central with Maven; later ones only look.
 *
 * @throws Error with Maven's own words when the jars are not there and can't be fetched
 */
export async function kafkaClassPath(): Promise<string> {
  const folder = path.join(testCacheDir(), `kafka-${KAFKA_VERSION}-set${SET}`);
  const jars = path.join(folder, '*');
  if (existsSync(folder)) return jars;
  await mkdir(testCacheDir(), { recursive: true });
  await underLock(`${folder}.lock`, { timeoutMs: FETCH_TIMEOUT_MS }, async () => {
    if (!existsSync(folder)) await fetchJars(folder);
  });
  return jars;
}

async function fetchJars(folder: string): Promise<void> {
  const work = `${folder}.fetch-${process.pid}`;
  await mkdir(work, { recursive: true });
  try {
    const pom = path.join(work, 'pom.xml');
    const jars = path.join(work, 'jars');
    await writeFile(pom, pomText());
    const goal = `${DEPENDENCY_PLUGIN}:copy-dependencies`;
    const options = [`-DoutputDirectory=${jars}`, '-DincludeScope=runtime'];
    await using maven = await OwnedProcess.start({
      what: `Maven, fetching Kafka ${KAFKA_VERSION}`,
      command: 'mvn',
      args: ['-q', '-B', '-f', pom, goal, ...options],
    });
    const timer = setTimeout(() => maven.signal('SIGKILL'), FETCH_TIMEOUT_MS);
    const status = await maven.exited.finally(() => clearTimeout(timer));
    if (status.code !== 0) {
      throw new Error(`Maven could not fetch Kafka ${KAFKA_VERSION}:\n${maven.outputTail()}`);
    }
    // Renaming is atomic: whoever sees the folder sees all of the jars.
    await rename(jars, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function pomText(): string {
  const dependency = (group: string, artifact: string, version: string): string =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId>` +
    `<version>${version}</version></dependency>`;
  const dependencies = [
    ...KAFKA_ARTIFACTS.map((name) => dependency('org.apache.kafka', name, KAFKA_VERSION)),
    // Without a log4j binding Kafka says nothing at all.
    dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', LOG4J_VERSION),
  ];
  return (
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>' +
    '<groupId>sluice.test</groupId><artifactId>jars</artifactId><version>1</version>' +
    `<packaging>pom</packaging><dependencies>${dependencies.join('')}</dependencies></project>\n`
  );
}
