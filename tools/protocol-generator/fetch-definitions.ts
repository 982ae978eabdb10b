import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The release whose definitions the committed codecs are made from. */
export const KAFKA_VERSION = '4.3.1';

const UNPACK_GOAL = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack';
const MAVEN_TIMEOUT_MS = 300_000;

/** One definition file as text. */
export interface DefinitionText {
  readonly fileName: string;
  readonly text: string;
}

/**
 * The message definitions inside the `kafka-clients` jar, unpacked by Maven into `cacheFolder`
 * unless they are there. Sorted by file name, so that the output does not depend on the file
 * system.
 */
export function fetchDefinitions(cacheFolder: string): readonly DefinitionText[] {
  const target = join(cacheFolder, `kafka-clients-${KAFKA_VERSION}`);
  if (!existsSync(target)) unpack(cacheFolder, target);
  const folder = join(target, 'common', 'message');
  return readdirSync(folder)
    .filter((fileName) => fileName.endsWith('.json'))
    .sort()
    .map((fileName) => ({ fileName, text: readFileSync(join(folder, fileName), 'utf8') }));
}

function unpack(cacheFolder: string, target: string): void {
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(cacheFolder, { recursive: true });
  const result = spawnSync(
    'mvn',
    [
      '--batch-mode',
      '--quiet',
      UNPACK_GOAL,
      `-Dartifact=org.apache.kafka:kafka-clients:${KAFKA_VERSION}`,
      `-DoutputDirectory=${partial}`,
      '-Dmdep.unpack.includes=common/message/*.json',
    ],
    { cwd: cacheFolder, encoding: 'utf8', timeout: MAVEN_TIMEOUT_MS },
  );
  if (result.error !== undefined || result.status !== 0) {
    const reason = result.error?.message ?? `${result.stdout}${result.stderr}`;
    throw new Error(
      `unpack kafka-clients ${KAFKA_VERSION} with Maven (mvn on the PATH): ${reason}`,
    );
  }
  renameSync(partial, target);
}
