/**
 * Writes `connect.json` of every package that carries plug-ins, from their code. Run it after a
 * change to a plug-in's config: `node --conditions=@sluice/source tools/generate-manifests.ts`.
 * With `--check` it writes nothing and fails when a manifest is out of date.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { manifestText as textOf, packageManifest } from '@sluice/testing/manifest';

/** The modules with plug-ins, as they are imported, and the folders of their packages. */
export const PLUGIN_PACKAGES: ReadonlyMap<string, string> = new Map([
  ['@sluice/connector-file', 'connectors/file'],
  ['@sluice/connector-jdbc', 'connectors/jdbc'],
  ['@sluice/testing/java-connectors', 'packages/testing/java-connectors'],
  ['@sluice/converters', 'packages/converters'],
  ['@sluice/transforms', 'packages/transforms'],
]);

const ROOT = new URL('../', import.meta.url);

/** The manifest that a module's code asks for, as it stands in its file. */
export async function manifestText(specifier: string): Promise<string> {
  const module: unknown = await import(specifier);
  if (typeof module !== 'object' || module === null) throw new Error(`${specifier} is no module.`);
  return textOf(await packageManifest(module));
}

/** Where a package's manifest is. */
export function manifestPath(folder: string): string {
  return fileURLToPath(new URL(`${folder}/connect.json`, ROOT));
}

async function main(isCheck: boolean): Promise<void> {
  for (const [packageName, folder] of PLUGIN_PACKAGES) {
    const path = manifestPath(folder);
    const text = await manifestText(packageName);
    const old = await readFile(path, 'utf8').catch(() => '');
    const isCurrent =
      old !== '' && JSON.stringify(JSON.parse(old)) === JSON.stringify(JSON.parse(text));
    if (isCurrent) continue;
    if (isCheck) {
      console.error(`${folder}/connect.json is out of date: run tools/generate-manifests.ts.`);
      process.exitCode = 1;
    } else {
      await writeFile(path, text);
      console.log(`${folder}/connect.json written.`);
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await main(process.argv.includes('--check'));
