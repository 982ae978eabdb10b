import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildMessage } from './build-model.ts';
import { emitApiKeys } from './emit-api-keys.ts';
import { emitMessage, fileNameOf } from './emit-message.ts';
import { emitSchemaTable } from './emit-schema-table.ts';
import { fetchDefinitions, KAFKA_VERSION } from './fetch-definitions.ts';
import type { Message } from './model.ts';
import { parseDefinition } from './parse-definition.ts';

/**
 * `npm run generate:protocol`: writes packages/protocol/src/gen and the tests' schema table from Kafka's message
 * definitions. Needs Maven only when the definitions are not cached yet.
 */

const root = resolve(import.meta.dirname, '../..');
const cacheFolder = join(root, 'node_modules', '.cache', 'sluice-protocol');
const genFolder = join(root, 'packages', 'protocol', 'src', 'gen');
const schemaFolder = join(root, 'packages', 'protocol', 'test', 'gen');

/** The repository's Biome leaves `gen` folders alone, so formatting happens in a folder of its own, with these settings. */
const FORMAT_SETTINGS = {
  root: true,
  linter: { enabled: false },
  assist: { enabled: false },
  formatter: { indentStyle: 'space', indentWidth: 2, lineWidth: 100 },
  javascript: { formatter: { quoteStyle: 'single' } },
};

function main(): void {
  const messages = fetchDefinitions(cacheFolder)
    .map((definition) => buildMessage(parseDefinition(definition.fileName, definition.text)))
    .filter((message): message is Message => message !== null);
  // Not below node_modules: Biome ignores everything there.
  const staging = mkdtempSync(join(tmpdir(), 'sluice-protocol-'));
  try {
    generate(messages, staging);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  process.stdout.write(`${messages.length} messages of Apache Kafka ${KAFKA_VERSION} generated\n`);
}

function generate(messages: readonly Message[], staging: string): void {
  mkdirSync(join(staging, 'out'));
  for (const message of messages) {
    const file = join(staging, 'out', fileNameOf(message.name));
    writeFileSync(file, emitMessage(message, KAFKA_VERSION));
  }
  writeFileSync(join(staging, 'out', 'api-keys.ts'), emitApiKeys(messages, KAFKA_VERSION));
  format(staging);
  replaceFolder(join(staging, 'out'), genFolder);
  mkdirSync(schemaFolder, { recursive: true });
  writeFileSync(join(schemaFolder, 'message-schemas.json'), emitSchemaTable(messages));
}

function format(folder: string): void {
  writeFileSync(join(folder, 'biome.json'), JSON.stringify(FORMAT_SETTINGS));
  const biome = join(root, 'node_modules', '.bin', 'biome');
  const result = spawnSync(biome, ['format', '--write', 'out'], { cwd: folder, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`format the generated code: ${result.stderr}`);
}

/** Removes what is no longer generated; rewrites the rest. */
function replaceFolder(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
}

main();
