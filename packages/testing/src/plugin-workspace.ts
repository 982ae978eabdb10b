import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { OwnedProcess } from './owned-process.ts';
import { makeTempDir, type TempDir } from './temp-dir.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const TSC = path.join(ROOT, 'node_modules', '.bin', 'tsc');
const PASSED = /^. pass (\d+)$/m;

/** A third party's package in a temporary folder, beside which Sluice's are installed by links. */
export class PluginWorkspace implements AsyncDisposable {
  readonly #dir: TempDir;

  private constructor(dir: TempDir) {
    this.#dir = dir;
  }

  static async create(): Promise<PluginWorkspace> {
    const dir = await makeTempDir('plugin');
    const modules = dir.join('node_modules');
    await mkdir(path.join(modules, '@sluice'), { recursive: true });
    for (const name of ['api', 'testing'])
      await symlink(path.join(ROOT, 'packages', name), path.join(modules, '@sluice', name));
    await symlink(path.join(ROOT, 'node_modules', '@types'), path.join(modules, '@types'));
    return new PluginWorkspace(dir);
  }

  /** The package's folder. */
  get path(): string {
    return this.#dir.path;
  }

  async write(files: ReadonlyMap<string, string>): Promise<void> {
    for (const [name, text] of files) {
      const file = this.#dir.join(name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }

  /** Compiles without writing anything. @throws AssertionError with what the compiler says */
  async checkTypes(): Promise<void> {
    const base = path.join(ROOT, 'tsconfig.tests.json');
    const config = { extends: base, compilerOptions: { rootDir: '/' }, include: ['**/*.ts'] };
    await writeFile(this.#dir.join('tsconfig.check.json'), JSON.stringify(config));
    const { code, output } = await this.#run(TSC, ['-p', 'tsconfig.check.json']);
    assert.equal(code, 0, output);
  }

  /** Runs a module of the package. */
  async runModule(file: string): Promise<void> {
    const { code, output } = await this.#run(process.execPath, [...CONDITIONS, file]);
    assert.equal(code, 0, output);
  }

  /** Runs the package's own tests; answers how many passed. */
  async runTests(): Promise<number> {
    const { code, output } = await this.#run(process.execPath, [...CONDITIONS, '--test']);
    assert.equal(code, 0, output);
    return Number(PASSED.exec(output)?.[1] ?? 0);
  }

  /** Writes `dist` as the compiler would: types taken out, imports of `.js`. */
  async build(): Promise<void> {
    await mkdir(this.#dir.join('dist'), { recursive: true });
    for (const name of await readdir(this.#dir.join('src'))) {
      if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
      const source = await readFile(this.#dir.join('src', name), 'utf8');
      const code = stripTypeScriptTypes(source).replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'");
      await writeFile(this.#dir.join('dist', name.replace(/\.ts$/, '.js')), code);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dir[Symbol.asyncDispose]();
  }

  async #run(
    command: string,
    args: readonly string[],
  ): Promise<{ readonly code: number | null; readonly output: string }> {
    await using child = await OwnedProcess.start({
      what: [command, ...args].join(' '),
      command,
      args,
      cwd: this.path,
      env: { NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: undefined },
    });
    const { code } = await child.exited;
    return { code, output: child.output };
  }
}

const CONDITIONS = ['--conditions=@sluice/source'];
