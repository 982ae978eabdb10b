import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fetchDefinitions, KAFKA_VERSION } from './fetch-definitions.ts';
import { cacheFolder, generate, genFolder, schemaFile } from './generate.ts';

/**
 * `npm run generate:protocol`: writes packages/protocol/src/gen and the tests' schema table from
 * Kafka's message definitions and the recorded error table. Needs Maven only when the definitions
 * are not cached yet.
 */
function main(): void {
  const staging = mkdtempSync(join(tmpdir(), 'sluice-protocol-'));
  try {
    const generated = generate(fetchDefinitions(cacheFolder), staging);
    // The old modules go first: what is no longer generated must not stay.
    rmSync(genFolder, { recursive: true, force: true });
    cpSync(generated.modules, genFolder, { recursive: true });
    mkdirSync(dirname(schemaFile), { recursive: true });
    writeFileSync(schemaFile, generated.schemaTable);
    process.stdout.write(`${generated.messages} messages of Apache Kafka ${KAFKA_VERSION}\n`);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

main();
