import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PluginDescription } from '@sluice/api';
import { makeTempDir } from '@sluice/testing';
import { writePluginPackage } from './plugin-package.ts';
import { Journal } from './plugins/journal.ts';
import { goodPlugins, strangePlugins } from './plugins/test-plugins.ts';

/** A folder that `plugin.path` can name, with two packages of test plug-ins. */
export interface PluginFolder extends AsyncDisposable {
  readonly path: string;
  /** What its plug-ins have lived through, in whichever worker. */
  readonly journal: Journal;
}

const MODULE = new URL('./plugins/test-plugins.ts', import.meta.url);

/**
 * Connectors that never come to be loaded, as Java's `ConfigBlockingConnector` never gives its
 * `ConfigDef`: here a definition is what the module exports, so it is the import that blocks.
 */
const NEVER_LOADED = [
  {
    simpleName: 'ConfigBlockingConnector',
    file: 'load-blocking-async',
    code: 'await new Promise(() => setTimeout(() => 0, 1e9));',
  },
  {
    simpleName: 'SyncConfigBlockingConnector',
    file: 'load-blocking-sync',
    code: 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
  },
] as const;

/**
 * Makes both packages, with one journal: `@sluice/connect-tests`, whose connectors share threads as
 * Sluice's own do, and `strange-connectors`, of which each has a thread to itself.
 */
export async function aPluginFolder(): Promise<PluginFolder> {
  const dir = await makeTempDir('connect-plugins');
  const { path: root } = dir;
  await writePluginPackage(root, {
    name: '@sluice/connect-tests',
    version: '1.0.0',
    module: MODULE,
    argument: root,
    factory: 'goodPlugins',
    plugins: goodPlugins(root),
  });
  const strange = await writePluginPackage(root, {
    name: 'strange-connectors',
    version: '1.0.0',
    module: MODULE,
    argument: root,
    factory: 'strangePlugins',
    plugins: strangePlugins(root),
    more: NEVER_LOADED.map(neverLoaded),
  });
  for (const { file, code } of NEVER_LOADED)
    await writeFile(path.join(strange, `${file}.js`), `${writesBlock(root, file)}\n${code}\n`);
  return {
    path: root,
    journal: new Journal(root),
    [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
  };
}

/** Code that writes down that its module is being loaded. */
function writesBlock(root: string, by: string): string {
  const line = `${JSON.stringify({ by, event: 'block', point: 'Connector::config' })}\n`;
  const file = JSON.stringify(path.join(root, 'journal.jsonl'));
  return (
    `import { appendFileSync } from 'node:fs';\n` +
    `appendFileSync(${file}, ${JSON.stringify(line)});`
  );
}

function neverLoaded({ simpleName, file }: (typeof NEVER_LOADED)[number]): PluginDescription & {
  readonly hasOwnValidation: boolean;
} {
  return {
    class: `org.apache.kafka.connect.integration.${simpleName}`,
    aliases: [simpleName],
    type: 'source',
    export: `./${file}`,
    name: 'plugin',
    version: '0.0.0',
    config: [],
    hasOwnValidation: true,
  };
}
