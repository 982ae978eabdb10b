import { homedir } from 'node:os';
import path from 'node:path';

/**
 * Where servers fetched for tests are kept between runs: `SLUICE_TEST_CACHE`, or
 * `.cache/sluice-test` in the user's home. Never inside the source tree.
 */
export function testCacheDir(): string {
  return process.env['SLUICE_TEST_CACHE'] ?? path.join(homedir(), '.cache', 'sluice-test');
}

/** A Java properties file of these entries; values may hold anything that fits on a line. */
export function propertiesText(props: Readonly<Record<string, string>>): string {
  const escape = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return Object.entries(props)
    .map(([key, value]) => `${key.replaceAll(/[ :=]/g, '\\$&')}=${escape(value)}\n`)
    .join('');
}
