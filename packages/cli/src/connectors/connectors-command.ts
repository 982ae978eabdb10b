import type { ConnectorStateInfo, ExpandedConnector } from '@sluice/rest';
import { RestClient } from '@sluice/rest/client';
import { readConnectorFile } from '@sluice/runtime';
import { EXIT_CODE } from '../exit-code.ts';
import { paintState } from '../output/paint.ts';
import { tableText } from '../output/table.ts';
import { jsonText, type Terminal } from '../output/terminal.ts';
import { reportFailure } from '../output/report-failure.ts';
import { offsetsTable, statusText } from './connector-text.ts';

export interface ConnectorsArguments {
  readonly action: string;
  /** Names of connectors, or files for `create` and `apply`. */
  readonly targets: readonly string[];
  readonly url: string;
  readonly isJson: boolean;
  /** For `restart`: tasks too, or only what has FAILED. */
  readonly includeTasks: boolean;
  readonly onlyFailed: boolean;
}

/** What can be done, each with what it needs and what it does. */
export const CONNECTOR_ACTIONS = {
  list: { needs: 'nothing', summary: 'all connectors with their state and tasks' },
  status: { needs: 'names', summary: 'state of a connector and its tasks, errors included' },
  get: { needs: 'names', summary: 'the config as it was given' },
  create: { needs: 'files', summary: 'create connectors from files' },
  apply: { needs: 'files', summary: 'create connectors from files, or update them' },
  pause: { needs: 'names', summary: 'pause: tasks keep their resources' },
  resume: { needs: 'names', summary: 'resume after pause or stop' },
  stop: { needs: 'names', summary: 'stop: tasks are shut down, the config stays' },
  restart: { needs: 'names', summary: 'restart; --include-tasks and --only-failed say what' },
  delete: { needs: 'names', summary: 'delete' },
  offsets: { needs: 'names', summary: 'the committed offsets' },
  'reset-offsets': { needs: 'names', summary: 'forget the offsets of a stopped connector' },
  topics: { needs: 'names', summary: 'the topics it has used' },
} as const;

type Action = keyof typeof CONNECTOR_ACTIONS;

/** `sluice connectors`: looks at the connectors of a worker and changes them, over REST. */
export async function connectorsCommand(
  args: ConnectorsArguments,
  terminal: Terminal,
): Promise<number> {
  const { action, targets } = args;
  if (!isAction(action)) {
    const known = Object.keys(CONNECTOR_ACTIONS).join(', ');
    terminal.error(`sluice: connectors knows ${known}, not "${action}"\n`);
    return EXIT_CODE.usage;
  }
  const { needs } = CONNECTOR_ACTIONS[action];
  if (needs !== 'nothing' && targets.length === 0) {
    terminal.error(`sluice: connectors ${action} needs ${needs} of connectors\n`);
    return EXIT_CODE.usage;
  }
  const client = new RestClient({ baseUrl: args.url });
  try {
    if (action === 'list') await list(client, args, terminal);
    else for (const target of targets) await act(action, target, { client, args, terminal });
  } catch (error) {
    return reportFailure(terminal, error);
  }
  return EXIT_CODE.ok;
}

interface Surroundings {
  readonly client: RestClient;
  readonly args: ConnectorsArguments;
  readonly terminal: Terminal;
}

async function act(
  action: Exclude<Action, 'list'>,
  target: string,
  { client, args, terminal }: Surroundings,
): Promise<void> {
  const show = (value: unknown, text: string): void =>
    terminal.out(args.isJson ? jsonText(value) : text);
  const done = (what: string): void =>
    show({ connector: target, done: what }, `${target}: ${what}\n`);
  switch (action) {
    case 'status': {
      const status = await client.connectorStatus(target);
      return show(status, statusText(status, terminal.paint));
    }
    case 'get': {
      const config = await client.connectorConfig(target);
      const rows = Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1));
      return show(config, tableText(rows));
    }
    case 'create':
      return create(target, { client, args, terminal });
    case 'apply':
      return apply(target, { client, args, terminal });
    case 'pause':
      await client.pauseConnector(target);
      return done('is told to pause');
    case 'resume':
      await client.resumeConnector(target);
      return done('is told to resume');
    case 'stop':
      await client.stopConnector(target);
      return done('has stopped');
    case 'delete':
      await client.deleteConnector(target);
      return done('is deleted');
    case 'restart': {
      const { includeTasks, onlyFailed } = args;
      const planned = await client.restartConnector(target, { includeTasks, onlyFailed });
      if (planned === null) return done('restarts');
      return show(planned, statusText(planned, terminal.paint));
    }
    case 'offsets': {
      const offsets = await client.connectorOffsets(target);
      return show(offsets, offsetsTable(offsets));
    }
    case 'reset-offsets': {
      const answer = await client.resetConnectorOffsets(target);
      return show(answer, `${target}: ${answer.message}\n`);
    }
    case 'topics': {
      const topics = await client.connectorTopics(target);
      return show({ [target]: { topics } }, topics.map((topic) => `${topic}\n`).join(''));
    }
    default:
      return assertNever(action);
  }
}

async function list(
  client: RestClient,
  { isJson }: ConnectorsArguments,
  terminal: Terminal,
): Promise<void> {
  const found = await client.expandedConnectors(['status']);
  if (isJson) return terminal.out(jsonText(found));
  const rows = Object.entries(found)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { status }]) => listRow(name, status, terminal.paint));
  terminal.out(tableText([['NAME', 'TYPE', 'STATE', 'TASKS', 'WORKER'], ...rows]));
}

function listRow(
  name: string,
  status: ExpandedConnector['status'],
  paint: Terminal['paint'],
): readonly string[] {
  if (status === undefined) return [name];
  const { connector, tasks, type } = status;
  return [name, type, paintState(paint, connector.state), tasksText(tasks), connector.worker_id];
}

/** `3 RUNNING, 1 FAILED`. */
function tasksText(tasks: ConnectorStateInfo['tasks']): string {
  const counts = Map.groupBy(tasks, ({ state }) => state);
  return [...counts].map(([state, of]) => `${of.length} ${state}`).join(', ') || 'none';
}

async function create(file: string, { client, args, terminal }: Surroundings): Promise<void> {
  const { name, config, targetState } = await readConnectorFile(file);
  const initialState = targetState === 'STARTED' ? 'RUNNING' : targetState;
  const info = await client.createConnector({ name, config, initialState });
  terminal.out(args.isJson ? jsonText(info) : `${name}: is created\n`);
}

async function apply(file: string, { client, args, terminal }: Surroundings): Promise<void> {
  const { name, config } = await readConnectorFile(file);
  const info = await client.putConnectorConfig(name, config);
  terminal.out(args.isJson ? jsonText(info) : `${name}: has this config now\n`);
}

function isAction(action: string): action is Action {
  return Object.hasOwn(CONNECTOR_ACTIONS, action);
}

function assertNever(action: never): never {
  throw new Error(`unknown action ${String(action)}`);
}
