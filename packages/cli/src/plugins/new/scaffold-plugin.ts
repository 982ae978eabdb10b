import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigDef, ConfigError, describePlugin } from '@sluice/api';
import type { PluginTemplate, TemplateKind, TemplateNames } from './plugin-template.ts';
import { SINK_TEMPLATE } from './sink-template.ts';
import { SOURCE_TEMPLATE } from './source-template.ts';
import { TRANSFORMATION_TEMPLATE } from './transformation-template.ts';

/** What to begin. */
export interface ScaffoldOptions {
  readonly kind: TemplateKind;
  /** The package's name: `connect-orders`, `@acme/connect-orders`. */
  readonly packageName: string;
  /** Where the package goes: a directory that is empty, or not there yet. */
  readonly directory: string;
  /** The version of Sluice whose packages it needs. */
  readonly sluiceVersion: string;
  /** Default: made of the package's name, under `org.example`. */
  readonly className?: string;
}

const TEMPLATES: Readonly<Record<TemplateKind, PluginTemplate>> = {
  source: SOURCE_TEMPLATE,
  sink: SINK_TEMPLATE,
  transformation: TRANSFORMATION_TEMPLATE,
};

/** As npm wants names to be. */
const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/**
 * Writes a package with a plug-in that passes its conformance tests.
 *
 * @returns the files that were written, relative to the directory
 * @throws ConfigError when the name is none for a package, or the directory holds something
 */
export async function scaffoldPlugin(options: ScaffoldOptions): Promise<readonly string[]> {
  const { packageName, directory } = options;
  if (!PACKAGE_NAME.test(packageName))
    throw new ConfigError(
      `"${packageName}" can't be the name of a package: use small letters, digits and dashes, such ` +
        'as connect-orders or @acme/connect-orders.',
    );
  const present = await readdir(directory).catch(() => []);
  if (present.length > 0)
    throw new ConfigError(
      `${directory} is not empty (it holds ${present[0]}): nothing was written. Name another directory.`,
    );
  const files = scaffoldFiles(options);
  for (const [name, text] of files) {
    const file = join(directory, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: 'wx' });
  }
  return [...files.keys()];
}

/** The package's files by name. Pure. */
export function scaffoldFiles(options: ScaffoldOptions): ReadonlyMap<string, string> {
  const template = TEMPLATES[options.kind];
  const names = namesOf(options, template);
  return new Map([
    ['package.json', json(packageJson(options))],
    ['tsconfig.json', json(TSCONFIG)],
    ['.gitignore', 'node_modules/\ndist/\n'],
    ['README.md', readme(options, template, names)],
    ['connect.json', json(manifest(template, names))],
    ['manifest.ts', MANIFEST_SCRIPT],
    ['src/index.ts', `export { ${names.exportName} } from './plugin.ts';\n`],
    ['src/plugin.ts', template.code(names)],
    ['src/plugin.test.ts', template.test(names)],
  ]);
}

/** `connect-orders` makes `org.example.OrdersSourceConnector` and `ordersSource`. */
function namesOf(options: ScaffoldOptions, template: PluginTemplate): TemplateNames {
  const base = options.packageName
    .replace(/^@[^/]*\//, '')
    .replace(/^(?:kafka-)?connect(?:or)?-/, '');
  const words = base.split(/[^a-z0-9]+/).filter((word) => word !== '');
  const pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  const name = /^[A-Z]/.test(pascal) ? pascal : `My${pascal}`;
  const className = options.className ?? `org.example.${name}${template.suffix}`;
  const short = name.charAt(0).toLowerCase() + name.slice(1);
  return { className, exportName: short + template.suffix.replace('Connector', '') };
}

function packageJson({ packageName, sluiceVersion }: ScaffoldOptions): object {
  return {
    name: packageName,
    version: '0.1.0',
    type: 'module',
    engines: { node: '>=24' },
    keywords: ['connect-plugin'],
    files: ['dist', 'connect.json'],
    connect: { api: 1, manifest: './connect.json' },
    exports: { '.': './dist/index.js', './package.json': './package.json' },
    scripts: {
      build: 'tsc',
      manifest: 'node manifest.ts',
      test: 'node --test',
      prepack: 'npm run build',
    },
    dependencies: { '@sluice/api': `^${sluiceVersion}` },
    devDependencies: {
      '@sluice/testing': `^${sluiceVersion}`,
      '@types/node': '^26.0.0',
      typescript: '^6.0.0',
    },
  };
}

const TSCONFIG = {
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable'],
    module: 'nodenext',
    types: ['node'],
    rootDir: 'src',
    outDir: 'dist',
    declaration: true,
    strict: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
  },
  include: ['src'],
  exclude: ['src/**/*.test.ts'],
};

const MANIFEST_SCRIPT = `// Writes connect.json, by which workers know the plug-ins: run it after a change of a config.
import { writeManifest } from '@sluice/testing/manifest';

await writeManifest(new URL('./connect.json', import.meta.url), await import('./src/index.ts'));
`;

function manifest(template: PluginTemplate, { className, exportName }: TemplateNames): object {
  const { type } = template;
  const plugin = { className, version: '0.1.0', type, config: new ConfigDef(template.config) };
  return { api: 1, plugins: [describePlugin(plugin, { export: '.', name: exportName })] };
}

function readme(
  { packageName }: ScaffoldOptions,
  template: PluginTemplate,
  { className }: TemplateNames,
): string {
  return `# ${packageName}

\`${className}\` ${template.does}.

    npm install
    npm test            # the contract between plug-ins and worker, as tests
    npm run build
    npm run manifest    # after a change of its config

A worker finds it in a directory of its \`plugin.path\`: this one, or what \`npm install --prefix\` makes.
`;
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
