import { readFile, readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { ConfigError, type Props } from '@sluice/api';
import { decodeProperties, parseProperties } from '../properties-file.ts';
import type { ConfigData, ConfigProvider } from './config-provider.ts';

const NOTHING: ConfigData = { data: new Map(), ttlMs: null };

/** `${file:/path/to/secrets.properties:key}`. Mirrors `FileConfigProvider` (R7.04). */
export class FileConfigProvider implements ConfigProvider {
  readonly #allowed: AllowedPaths;

  constructor(params: Props) {
    this.#allowed = new AllowedPaths(params['allowed.paths']);
  }

  async get(path: string, keys: ReadonlySet<string>): Promise<ConfigData> {
    if (path.trim() === '' || !this.#allowed.includes(path)) return NOTHING;
    let bytes: Uint8Array;
    try {
      bytes = await readFile(path);
    } catch (error) {
      throw new ConfigError(
        `Could not read properties from file ${path} for \${file:${path}:...}: ${String(error)}`,
        { cause: error },
      );
    }
    const entries = parseProperties(decodeProperties(bytes));
    const wanted = entries.filter(({ key }) => keys.has(key));
    return { data: new Map(wanted.map(({ key, value }) => [key, value])), ttlMs: null };
  }
}

/** `${directory:/path/to/dir:file}`: the file's text. Mirrors `DirectoryConfigProvider`. */
export class DirectoryConfigProvider implements ConfigProvider {
  readonly #allowed: AllowedPaths;

  constructor(params: Props) {
    this.#allowed = new AllowedPaths(params['allowed.paths']);
  }

  async get(path: string, keys: ReadonlySet<string>): Promise<ConfigData> {
    if (path.trim() === '' || !this.#allowed.includes(path)) return NOTHING;
    try {
      const names = (await readdir(path)).filter((name) => keys.has(name));
      const data = new Map<string, string>();
      for (const name of names) {
        const file = join(path, name);
        if ((await stat(file)).isFile()) data.set(name, await readFile(file, 'utf8'));
      }
      return { data, ttlMs: null };
    } catch (error) {
      throw new ConfigError(`Could not read the directory ${path}: ${String(error)}`, {
        cause: error,
      });
    }
  }
}

/** The directories and files that `allowed.paths` admits; without it all are. */
class AllowedPaths {
  readonly #roots: readonly string[] | null;

  constructor(list: string | undefined) {
    this.#roots = list === undefined ? null : list.split(',').map((path) => resolve(path.trim()));
  }

  includes(path: string): boolean {
    if (this.#roots === null) return true;
    return this.#roots.some((root) => {
      const inside = relative(root, resolve(path));
      return inside === '' || (!inside.startsWith('..') && !isAbsolute(inside));
    });
  }
}
