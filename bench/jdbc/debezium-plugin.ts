import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { OwnedProcess, testCacheDir } from '@sluice/testing';

const VERSION = '3.6.0.Final';
const ARTIFACT = `io.debezium:debezium-connector-jdbc:${VERSION}:tar.gz:plugin`;
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';

/** A `plugin.path` that holds Debezium's JDBC sink, fetched from Maven Central the first time. */
export async function debeziumPluginPath(): Promise<string> {
  const folder = path.join(testCacheDir(), `debezium-jdbc-${VERSION}`);
  if (existsSync(folder)) return folder;
  const work = `${folder}.fetch-${process.pid}`;
  await mkdir(work, { recursive: true });
  await run('mvn', ['-q', '-B', COPY, `-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${work}`]);
  const archive = path.join(work, `debezium-connector-jdbc-${VERSION}-plugin.tar.gz`);
  await run('tar', ['xzf', archive, '-C', work]);
  await rename(work, folder);
  return folder;
}

async function run(command: string, args: readonly string[]): Promise<void> {
  await using child = await OwnedProcess.start({ what: command, command, args });
  const { code } = await child.exited;
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${child.outputTail()}`);
}
