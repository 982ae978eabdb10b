// Makes a checkout ready before `npm start` and `npm test`: installs when the lock file is newer than
// what is installed, builds when a source is newer than the build. Plain JavaScript without
// dependencies, because the system's Node (20 or later) runs it before anything is there. Silent, and
// done in some ten milliseconds, when there is nothing to do.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const buildStamp = path.join(root, 'node_modules', '.cache', 'sluice-build-stamp');
const installStamp = path.join(root, 'node_modules', '.package-lock.json');

function modifiedMs(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** The newest change of a source file below `folder`; deleting a file changes its folder's time. */
function newestSourceMs(folder) {
  let newest = modifiedMs(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) newest = Math.max(newest, newestSourceMs(file));
    else if (/\.(ts|json)$/.test(entry.name) && !entry.name.endsWith('.test.ts')) {
      newest = Math.max(newest, modifiedMs(file));
    }
  }
  return newest;
}

function workspaces() {
  return ['packages', 'connectors'].flatMap((group) =>
    readdirSync(path.join(root, group), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => path.join(root, group, entry.name)),
  );
}

function newestBuildInputMs() {
  const shared = ['tsconfig.json', 'tsconfig.base.json'].map((f) => modifiedMs(path.join(root, f)));
  const each = workspaces().flatMap((folder) => [
    modifiedMs(path.join(folder, 'tsconfig.build.json')),
    modifiedMs(path.join(folder, 'package.json')),
    existsSync(path.join(folder, 'src')) ? newestSourceMs(path.join(folder, 'src')) : 0,
  ]);
  return Math.max(...shared, ...each);
}

/** Runs a command and ends this process with a plain reason when it fails. */
function run(what, command, args) {
  console.error(`sluice: ${what} ...`);
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    shell: process.platform === 'win32' && !command.endsWith('.exe'),
  });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  const reason = result.error?.message ?? `exit code ${result.status}`;
  console.error(`sluice: ${what} failed (${reason}). Mend what is said above and run it again.`);
  process.exit(1);
}

function npmCommand() {
  const npm = process.env['npm_execpath'];
  return npm ? [process.execPath, [npm]] : ['npm', []];
}

const lockMs = Math.max(
  modifiedMs(path.join(root, 'package-lock.json')),
  modifiedMs(path.join(root, 'package.json')),
);
if (lockMs > modifiedMs(installStamp)) {
  const [command, args] = npmCommand();
  run('installing what the lock file names', command, [
    ...args,
    'install',
    '--no-save',
    '--loglevel=error',
    '--ignore-scripts',
  ]);
  const now = new Date();
  const { utimesSync } = await import('node:fs');
  utimesSync(installStamp, now, now);
}

if (newestBuildInputMs() > modifiedMs(buildStamp)) {
  const startedAt = new Date();
  const node = path.join(
    root,
    'node_modules',
    '.bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  const tsc = path.join(root, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
  run('building', existsSync(node) ? node : process.execPath, [tsc, '-b']);
  mkdirSync(path.dirname(buildStamp), { recursive: true });
  writeFileSync(buildStamp, startedAt.toISOString());
  const { utimesSync } = await import('node:fs');
  utimesSync(buildStamp, startedAt, startedAt);
}
