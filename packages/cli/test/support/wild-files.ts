import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Props } from '@sluice/api';

/**
 * The folder of other people's configurations, which are not ours to publish: `connectors`,
 * `strimzi-connectors` and `workers` below it. Null without `SLUICE_WILD_CONFIGS`.
 */
export const WILD_FOLDER = process.env['SLUICE_WILD_CONFIGS'] ?? null;
export const NO_WILD_FOLDER = 'SLUICE_WILD_CONFIGS names no folder of configurations';

const SKIPPED_VALUE = /^[|>]/;

/** The files in some folders of the corpus, in order, as full paths. */
export async function wildFiles(...folders: readonly string[]): Promise<readonly string[]> {
  const found = folders.map(async (folder) => {
    const root = join(WILD_FOLDER ?? '', folder);
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((e) => join(e.parentPath, e.name));
  });
  return (await Promise.all(found)).flat().sort();
}

/** A path as the tables show it. */
export function shownPath(path: string): string {
  return relative(WILD_FOLDER ?? '', path);
}

/** What an operator of Kubernetes is asked for. */
export interface Manifest {
  readonly kind: string;
  readonly className: string | null;
  /** What it hands to the worker or the connector. */
  readonly config: Props;
}

/**
 * The manifests in a file, as far as these need it: `kind`, `spec.class`, and the scalars below
 * `spec.config` (Strimzi), `spec.configs` or `spec.configOverrides.server` (Confluent).
 */
export async function manifestsIn(path: string): Promise<readonly Manifest[]> {
  const documents = (await readFile(path, 'utf8')).split(/^---.*$/m);
  return documents.flatMap((document) => {
    const kind = /^kind:\s*"?(\w+)"?/m.exec(document)?.[1];
    if (kind === undefined) return [];
    const className = scalar(/^\s+class:\s*(.*)$/m.exec(document)?.[1] ?? '');
    return [{ kind, className: className === '' ? null : className, config: configOf(document) }];
  });
}

/** The lines further in than the key that begins the config. */
function configOf(document: string): Props {
  const lines = document.split('\n');
  const start = lines.findIndex((line) => /^\s+(configs?|server):\s*$/.test(line));
  if (start < 0) return {};
  const depth = indent(lines[start] ?? '');
  const config: Record<string, string> = {};
  for (const line of lines.slice(start + 1)) {
    if (line.trim() === '' || line.trim().startsWith('#')) continue;
    if (indent(line) <= depth) break;
    const [, key, value = ''] = /^\s*(?:- )?"?([\w.$-]+)"?\s*[:=]\s*(.*)$/.exec(line) ?? [];
    if (key !== undefined && !SKIPPED_VALUE.test(value)) config[key] = scalar(value);
  }
  return config;
}

/** What the environment of a container tells its worker. */
export interface ContainerEnvironment {
  /** The properties that images make of it: `CONNECT_GROUP_ID` becomes `group.id`. */
  readonly props: Props;
  /** Whether it says `BOOTSTRAP_SERVERS`, without `CONNECT_`, as for Debezium's image. */
  readonly hasBareNames: boolean;
}

export async function environmentOf(path: string): Promise<ContainerEnvironment> {
  const text = await readFile(path, 'utf8');
  const props: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const [, name, value = ''] =
      /^\s*(?:- )?(?:CONNECT_)?([A-Z][A-Z0-9_]*)\s*[:=]\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || SKIPPED_VALUE.test(value) || value.endsWith('\\')) continue;
    props[name.toLowerCase().replaceAll('__', '-').replaceAll('_', '.')] = scalar(value);
  }
  return { props, hasBareNames: /^\s*(?:- )?BOOTSTRAP_SERVERS\s*[:=]/m.test(text) };
}

function indent(line: string): number {
  return line.length - line.trimStart().length;
}

function scalar(text: string): string {
  const plain = text.trim().replace(/\s+#.*$/, '');
  const [, quoted] = /^(?:"(.*)"|'.*')$/.exec(plain) ?? [];
  return quoted ?? plain.replace(/^'(.*)'$/, '$1');
}
