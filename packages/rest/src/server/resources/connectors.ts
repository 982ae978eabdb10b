import type { Herder } from '../../contract/herder.ts';
import { RestError } from '../../contract/rest-error.ts';
import {
  booleanParameter,
  ok,
  type Operation,
  type QueryParameter,
  type Resource,
  type ResourceAnswer,
  type ResourceContext,
  type ResourceRequest,
} from '../resource.ts';
import { CONNECTOR_CONFIG_RESOURCES, createConnector } from './connector-config.ts';

const ACCEPTED: ResourceAnswer = { status: 202 };
const NO_CONTENT: ResourceAnswer = { status: 204 };

const RESTART_FLAGS: readonly QueryParameter[] = [
  { name: 'includeTasks', type: 'boolean', about: 'Restart tasks too.' },
  { name: 'onlyFailed', type: 'boolean', about: 'Restart only what has failed.' },
];

/** Connectors and their states (R1.23 to R1.25, R1.29, R1.33, R1.35 to R1.37). */
const STATE_RESOURCES: readonly Resource[] = [
  {
    path: '/connectors',
    methods: {
      GET: {
        about: 'The names of all connectors, or with `expand` all that is known of them.',
        query: [
          {
            name: 'expand',
            type: 'strings',
            about: 'What to tell of each connector.',
            values: ['status', 'info'],
          },
        ],
        gives: { 200: 'Connectors' },
        run: list,
      },
      POST: createConnector,
    },
  },
  {
    path: '/connectors/:connector',
    methods: {
      GET: {
        about: 'Config and tasks of a connector.',
        gives: { 200: 'ConnectorInfo' },
        run: async ({ herder }, request) => ok(await herder.connectorInfo(connectorOf(request))),
      },
      DELETE: command('Stops and forgets a connector.', NO_CONTENT, true, (herder, name) =>
        herder.deleteConnector(name),
      ),
    },
  },
  {
    path: '/connectors/:connector/status',
    methods: {
      GET: {
        about: 'The states of a connector and of its tasks.',
        gives: { 200: 'ConnectorStateInfo' },
        run: async ({ herder }, request) => ok(await herder.connectorStatus(connectorOf(request))),
      },
    },
  },
  {
    path: '/connectors/:connector/restart',
    methods: {
      POST: {
        about: 'Restarts the connector, and with flags its tasks.',
        query: RESTART_FLAGS,
        gives: { 202: 'ConnectorStateInfo', 204: null },
        isForwardable: true,
        run: restart,
      },
    },
  },
  {
    path: '/connectors/:connector/pause',
    methods: {
      PUT: command('Pauses a connector and its tasks.', ACCEPTED, false, (herder, name) =>
        herder.pauseConnector(name),
      ),
    },
  },
  {
    path: '/connectors/:connector/resume',
    methods: {
      PUT: command('Resumes what was paused or stopped.', ACCEPTED, false, (herder, name) =>
        herder.resumeConnector(name),
      ),
    },
  },
  {
    path: '/connectors/:connector/stop',
    methods: {
      PUT: command('Stops a connector and ends its tasks.', NO_CONTENT, true, (herder, name) =>
        herder.stopConnector(name),
      ),
    },
  },
];

/** Tasks (R1.30, R1.32, R1.34). */
const TASK_RESOURCES: readonly Resource[] = [
  {
    path: '/connectors/:connector/tasks',
    methods: {
      GET: {
        about: 'The tasks with their configs.',
        gives: { 200: 'TaskInfos' },
        run: async ({ herder }, request) => ok(await herder.taskConfigs(connectorOf(request))),
      },
    },
  },
  {
    path: '/connectors/:connector/tasks/:task/status',
    methods: {
      GET: {
        about: 'The state of one task.',
        gives: { 200: 'TaskStateInfo' },
        run: async ({ herder }, request) =>
          ok(await herder.taskStatus(connectorOf(request), taskOf(request))),
      },
    },
  },
  {
    path: '/connectors/:connector/tasks/:task/restart',
    methods: {
      POST: {
        about: 'Restarts one task.',
        gives: { 204: null },
        isForwardable: true,
        run: async ({ herder }, request) => {
          await herder.restartTask(connectorOf(request), taskOf(request));
          return NO_CONTENT;
        },
      },
    },
  },
];

/** Everything under `/connectors` but offsets and topics. */
export const CONNECTOR_RESOURCES: readonly Resource[] = [
  ...STATE_RESOURCES,
  ...CONNECTOR_CONFIG_RESOURCES,
  ...TASK_RESOURCES,
];

async function list(context: ResourceContext, request: ResourceRequest): Promise<ResourceAnswer> {
  const names = await context.herder.connectors();
  const expansions = request.query('expand');
  if (expansions.length === 0) return ok(names);
  const members: string[] = [];
  for (const name of names) {
    const expanded = await unlessDeleted(expandedText(context, name, new Set(expansions)));
    if (expanded !== null) members.push(`${JSON.stringify(name)}:${expanded}`);
  }
  return { status: 200, text: `{${members.join(',')}}` };
}

async function expandedText(
  { herder, fragments }: ResourceContext,
  name: string,
  expansions: ReadonlySet<string>,
): Promise<string> {
  const members: string[] = [];
  if (expansions.has('status'))
    members.push(`"status":${fragments.textOf(await herder.connectorStatus(name))}`);
  if (expansions.has('info'))
    members.push(`"info":${fragments.textOf(await herder.connectorInfo(name))}`);
  return `{${members.join(',')}}`;
}

/** A connector that went away between the list and the look at it is left out. */
async function unlessDeleted<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RestError && error.status === 404) return null;
    throw error;
  }
}

async function restart(
  { herder }: ResourceContext,
  request: ResourceRequest,
): Promise<ResourceAnswer> {
  const name = connectorOf(request);
  const includeTasks = booleanParameter(request, 'includeTasks', false);
  const onlyFailed = booleanParameter(request, 'onlyFailed', false);
  if (!includeTasks && !onlyFailed) {
    await herder.restartConnector(name);
    return NO_CONTENT;
  }
  const planned = await herder.restartConnectorAndTasks(name, { includeTasks, onlyFailed });
  return { status: 202, body: planned };
}

/** A command to one connector without body and result. */
function command(
  about: string,
  answer: ResourceAnswer,
  isForwardable: boolean,
  run: (herder: Herder, name: string) => Promise<void>,
): Operation {
  return {
    about,
    gives: { [answer.status]: null },
    isForwardable,
    run: async ({ herder }, request) => {
      await run(herder, connectorOf(request));
      return answer;
    },
  };
}

function connectorOf(request: ResourceRequest): string {
  return request.param('connector');
}

/** Task numbers are part of the path: what is no 32-bit integer is no such path. */
function taskOf(request: ResourceRequest): number {
  const text = request.param('task');
  const task = /^[+-]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (task !== (task | 0)) throw new RestError(404, 'HTTP 404 Not Found');
  return task;
}
