import { readFile, writeFile } from 'node:fs/promises';
import { manifestText, packageManifest } from './package-manifest.ts';

/**
 * Writes `connect.json` from the package's main module:
 *
 * ```ts
 * await writeManifest(new URL('./connect.json', import.meta.url), await import('./src/index.ts'));
 * ```
 *
 * @returns whether the file had to be written: it was missing, or out of date
 */
export async function writeManifest(file: URL, module: object): Promise<boolean> {
  const text = manifestText(await packageManifest(module));
  const old = await readFile(file, 'utf8').catch(() => null);
  if (old === text) return false;
  await writeFile(file, text);
  return true;
}
