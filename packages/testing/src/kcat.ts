import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { OwnedProcess } from './owned-process.ts';
import type { SkippableTest } from './require-server.ts';

/**
 * First line of a test that needs kcat: skipped loudly where it is missing, a failure under
 * `SLUICE_REQUIRE_SERVERS=1`, as for the servers of `@sluice/testing`.
 */
export function requireKcat(t: SkippableTest): boolean {
  if (spawnSync('kcat', ['-V']).status === 0) return true;
  const reason = 'needs kcat, which was not found: install it (Debian: apt-get install kcat)';
  if (process.env['SLUICE_REQUIRE_SERVERS'] === '1') {
    throw new Error(`SLUICE_REQUIRE_SERVERS=1, and the test "${t.name}" ${reason}`);
  }
  const line = `${t.name}: ${reason}`;
  process.stderr.write(`SKIPPED: ${line}\n`);
  const file = process.env['SLUICE_SKIP_REPORT'];
  if (file !== undefined && file !== '') appendFileSync(file, `${line}\n`);
  t.skip(reason);
  return false;
}

/** Starts kcat; whoever does ends it. */
export function startKcat(
  args: readonly string[],
  input?: string | Uint8Array,
): Promise<OwnedProcess> {
  const spec = { what: 'kcat', command: 'kcat', args };
  return OwnedProcess.start(input === undefined ? spec : { ...spec, input });
}

const TIMEOUT_MS = 30_000;

/** Runs kcat to its end and hands back what it printed. @throws Error unless it ends with 0 */
export async function kcat(args: readonly string[], input?: string | Uint8Array): Promise<string> {
  await using process = await startKcat(args, input);
  const timer = setTimeout(() => process.signal('SIGKILL'), TIMEOUT_MS);
  const { code } = await process.exited.finally(() => clearTimeout(timer));
  if (code === 0) return process.stdout;
  throw new Error(`kcat ${args.join(' ')} ended with ${code}:\n${process.outputTail()}`);
}
