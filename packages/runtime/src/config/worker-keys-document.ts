import { configValueToString } from '@sluice/api';
import { STANDALONE_CONFIG } from './worker-config-def.ts';
import { ENVIRONMENT_TABLE, WORKER_KEY_TABLE, workerKeyRow } from './worker-key-table.ts';

/** The text of docs/reference/worker-keys.md: every key of a worker and what becomes of it. */
export function workerKeysDocument(): string {
  const own = [...STANDALONE_CONFIG.keys.values()].map((key) => {
    const special = workerKeyRow(key.name, '');
    const treatment = special?.treatment ?? 'honoured';
    const byDefault = key.hasDefault
      ? (configValueToString(key.defaultValue, key.type) ?? 'null')
      : 'required';
    return [code(key.name), treatment, code(byDefault), key.documentation];
  });
  const others = WORKER_KEY_TABLE.map(({ key, treatment, note, values }) => [
    code(key) + (values === null ? '' : " (Java's default)"),
    treatment,
    `${note}.`,
  ]);
  const environment = ENVIRONMENT_TABLE.map(({ key, treatment, note }) => [
    code(key),
    treatment,
    `${note}.`,
  ]);
  return `# Keys of a worker's file

Generated from the tables in \`packages/runtime/src/config\`, by running the tests there with
\`UPDATE_DOCUMENTS=1\`; not to be edited by hand.

**honoured**: as in Java. **mapped**: something of Sluice's takes its place. **ignored**: accepted,
without effect. **warned**: the same, and the log says so at the start. **refused**: the worker does
not start, and says why. A key that is in none of these tables is warned about, with the known key
that it resembles; with \`sluice.config.strict=true\` that is an error.

## Keys that a standalone worker reads

${table(['Key', 'Treatment', 'Default', 'Meaning'], own)}
## Keys for others, and keys of Java's that mean something else here

The first row that fits counts. \`*\` stands for anything.

${table(['Key', 'Treatment', 'What becomes of it'], others)}
## What is given outside of the file

${table(['Where', 'Treatment', 'What becomes of it'], environment)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`,
  );
  return lines.join('');
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
