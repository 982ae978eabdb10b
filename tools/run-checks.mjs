// Everything about the sources that needs no run of the product: format, lint, types, borders, unused code.
import { spawnSync } from 'node:child_process';

/** @type {[string, string[]][]} */
const checks = [
  ['format', ['biome', 'format']],
  ['lint', ['oxlint', '--type-aware', '--deny-warnings']],
  ['types', ['tsc', '-p', 'tsconfig.tests.json']],
  ['borders', ['node', 'tools/borders/check-borders.mjs']],
  ['unused code', ['knip', '--no-progress']],
];

const failed = [];
for (const [name, [command, ...args]] of checks) {
  const startedAtMs = Date.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    shell: process.platform === 'win32',
  });
  const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1);
  if (status === 0) {
    console.log(`check ${name}: good (${seconds} s)`);
    continue;
  }
  failed.push(name);
  console.log(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`);
  console.log(`check ${name}: FAILED (${seconds} s)`);
}
if (failed.length > 0) {
  console.log(`checks failed: ${failed.join(', ')}. "npm run format" mends the format.`);
  process.exit(1);
}
