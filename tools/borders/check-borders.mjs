// Checks the borders between packages. It asserts that every source file was among the modules seen:
// a cruiser that cannot parse TypeScript reports "no violations" over nothing.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';
import { forbidden } from './rules.mjs';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
process.chdir(root);

const sources = ['packages', 'connectors'].flatMap((group) =>
  readdirSync(group)
    .map((name) => path.join(group, name, 'src'))
    .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => path.join(folder, file).replaceAll('\\', '/')),
    ),
);

const { output } = await cruise(['packages', 'connectors'], {
  validate: true,
  ruleSet: { forbidden },
  includeOnly: '^(packages|connectors)/',
  exclude: { path: '(^|/)(dist|golden|target)/' },
  doNotFollow: { path: 'node_modules' },
  tsPreCompilationDeps: true,
  enhancedResolveOptions: {
    conditionNames: ['@sluice/source', 'import', 'node', 'default'],
    exportsFields: ['exports'],
    extensions: ['.ts', '.mjs', '.js', '.json'],
  },
});

const seen = new Set(output.modules.map((module) => module.source));
const missed = sources.filter((file) => !seen.has(file));
for (const violation of output.summary.violations) {
  console.error(
    `border ${violation.rule.name}: ${violation.from} -> ${violation.to}` +
      (violation.cycle
        ? ` (${violation.cycle.map((step) => step.name ?? step).join(' -> ')})`
        : ''),
  );
}
if (sources.length < 50 || missed.length > 0) {
  console.error(
    `borders: saw ${seen.size} modules, missed ${missed.length} of ${sources.length} sources: ${missed.slice(0, 5).join(', ')}`,
  );
  process.exit(1);
}
if (output.summary.violations.length > 0) process.exit(1);
console.log(`borders: ${seen.size} modules, ${sources.length} sources, no violation`);
