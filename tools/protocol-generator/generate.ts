import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildMessage } from './build-model.ts';
import { emitApiKeys } from './emit-api-keys.ts';
import { emitErrorTable } from './emit-error-table.ts';
import { emitMessage, fileNameOf } from './emit-message.ts';
import { emitSchemaTable } from './emit-schema-table.ts';
import { type DefinitionText, KAFKA_VERSION } from './fetch-definitions.ts';
import type { Message } from './model.ts';
import { parseDefinition } from './parse-definition.ts';

/** The repository, and where in it the generator reads and writes. */
export const root = resolve(import.meta.dirname, '../..');
export const cacheFolder = join(root, 'node_modules', '.cache', 'sluice-protocol');
export const genFolder = join(root, 'packages', 'protocol', 'src', 'gen');
export const schemaFile = join(root, 'packages', 'protocol', 'test', 'gen', 'message-schemas.json');
const errorRecording = join(root, 'packages', 'protocol', 'golden', 'errors.json');

/**
 * The repository's Biome leaves `gen` folders alone, so formatting happens in a folder of its own,
 * with these settings.
 */
const FORMAT_SETTINGS = {
  root: true,
  linter: { enabled: false },
  assist: { enabled: false },
  formatter: { indentStyle: 'space', indentWidth: 2, lineWidth: 100 },
  javascript: { formatter: { quoteStyle: 'single' } },
};

/** What {@link generate} made. */
export interface Generated {
  readonly messages: number;
  /** Holds the formatted modules. */
  readonly modules: string;
  /** Text of the tests' schema table. */
  readonly schemaTable: string;
}

/**
 * Generates and formats everything below `staging`, an empty folder outside `node_modules` (Biome
 * ignores that).
 */
export function generate(definitions: readonly DefinitionText[], staging: string): Generated {
  const messages = definitions
    .map((definition) => buildMessage(parseDefinition(definition.fileName, definition.text)))
    .filter((message): message is Message => message !== null);
  const modules = join(staging, 'out');
  mkdirSync(modules);
  for (const message of messages) {
    writeFileSync(join(modules, fileNameOf(message.name)), emitMessage(message, KAFKA_VERSION));
  }
  writeFileSync(join(modules, 'api-keys.ts'), emitApiKeys(messages, KAFKA_VERSION));
  writeFileSync(join(modules, 'error-table.ts'), emitErrorTable(errorRecording, KAFKA_VERSION));
  format(staging);
  return { messages: messages.length, modules, schemaTable: emitSchemaTable(messages) };
}

function format(folder: string): void {
  writeFileSync(join(folder, 'biome.json'), JSON.stringify(FORMAT_SETTINGS));
  const biome = join(root, 'node_modules', '.bin', 'biome');
  const result = spawnSync(biome, ['format', '--write', 'out'], { cwd: folder, encoding: 'utf8' });
  if (result.status === 0) return;
  throw new Error(`format the generated code: ${result.error?.message ?? result.stderr}`);
}
