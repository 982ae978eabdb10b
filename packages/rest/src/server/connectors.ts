import type { ConnectorConfigInput, Herder } from '../contract/herder.ts';
import { RestError, badRequest, notFound } from '../contract/rest-error.ts';
import type { ExpandedConnector } from '../contract/wire.ts';
import { BodyError, bindCreateRequest, bindStringMap } from './body-binding.ts';
import {
  booleanParameter,
  ok,
  type Resource,
  type ResourceAnswer,
  type ResourceContext,
  type ResourceRequest,
} from './resource.ts';

const ACCEPTED: ResourceAnswer = { status: 202 };
const NO_CONTENT: ResourceAnswer = { status: 204 };

/** Everything under `/connectors` (R1.23 to R1.37). */
export const CONNECTOR_RESOURCES: readonly Resource[] = [
  { path: '/connectors', methods: { GET: list, POST: create } },
  {
    path: '/connectors/:connector',
    methods: {
      GET: async ({ herder }, request) => ok(await herder.connectorInfo(connectorOf(request))),
      DELETE: async ({ herder }, request) => {
        await herder.deleteConnector(connectorOf(request));
        return NO_CONTENT;
      },
    },
  },
  {
    path: '/connectors/:connector/config',
    methods: {
      GET: async ({ herder }, request) => ok(await herder.connectorConfig(connectorOf(request))),
      PUT: putConfig,
      PATCH: patchConfig,
    },
  },
  {
    path: '/connectors/:connector/status',
    methods: {
      GET: async ({ herder }, request) => ok(await herder.connectorStatus(connectorOf(request))),
    },
  },
  { path: '/connectors/:connector/restart', methods: { POST: restart } },
  {
    path: '/connectors/:connector/pause',
    methods: { PUT: ordered((herder, name) => herder.pauseConnector(name), ACCEPTED) },
  },
  {
    path: '/connectors/:connector/resume',
    methods: { PUT: ordered((herder, name) => herder.resumeConnector(name), ACCEPTED) },
  },
  {
    path: '/connectors/:connector/stop',
    methods: { PUT: ordered((herder, name) => herder.stopConnector(name), NO_CONTENT) },
  },
  {
    path: '/connectors/:connector/tasks',
    methods: {
      GET: async ({ herder }, request) => ok(await herder.taskConfigs(connectorOf(request))),
    },
  },
  {
    path: '/connectors/:connector/tasks/:task/status',
    methods: {
      GET: async ({ herder }, request) =>
        ok(await herder.taskStatus(connectorOf(request), taskOf(request))),
    },
  },
  {
    path: '/connectors/:connector/tasks/:task/restart',
    methods: {
      POST: async ({ herder }, request) => {
        await herder.restartTask(connectorOf(request), taskOf(request));
        return NO_CONTENT;
      },
    },
  },
];

async function list(
  { herder }: ResourceContext,
  request: ResourceRequest,
): Promise<ResourceAnswer> {
  const names = await herder.connectors();
  const expansions = request.query('expand');
  if (expansions.length === 0) return ok(names);
  const expanded: [string, ExpandedConnector][] = [];
  for (const name of names) {
    const entry = await unlessDeleted(expandedConnector(herder, name, new Set(expansions)));
    if (entry !== null) expanded.push([name, entry]);
  }
  return ok(Object.fromEntries(expanded));
}

async function expandedConnector(
  herder: Herder,
  name: string,
  expansions: ReadonlySet<string>,
): Promise<ExpandedConnector> {
  const status = expansions.has('status') ? await herder.connectorStatus(name) : undefined;
  const info = expansions.has('info') ? await herder.connectorInfo(name) : undefined;
  return {
    ...(status === undefined ? {} : { status }),
    ...(info === undefined ? {} : { info }),
  };
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

async function create(
  { herder }: ResourceContext,
  request: ResourceRequest,
): Promise<ResourceAnswer> {
  const asked = bindCreateRequest(request.body);
  if (asked === null)
    throw new BodyError('The request has no body: POST {"name": "...", "config": {...}}.');
  const name = (asked.name ?? '').trim();
  const config = withName(name, asked.config);
  const { info } = await herder.putConnectorConfig(name, config, {
    allowReplace: false,
    ...(asked.initialState === null ? {} : { targetState: asked.initialState }),
  });
  return { status: 201, body: info, headers: location(request, name) };
}

async function putConfig(
  { herder }: ResourceContext,
  request: ResourceRequest,
): Promise<ResourceAnswer> {
  const name = connectorOf(request);
  const config = withName(name, bindStringMap(request.body));
  const { isNew, info } = await herder.putConnectorConfig(name, config, { allowReplace: true });
  return isNew ? { status: 201, body: info, headers: location(request, name) } : ok(info);
}

async function patchConfig(
  { herder }: ResourceContext,
  request: ResourceRequest,
): Promise<ResourceAnswer> {
  const patch = bindStringMap(request.body);
  if (patch === null)
    throw new BodyError('The request has no body: PATCH {"key": "value or null"}.');
  return ok(await herder.patchConnectorConfig(connectorOf(request), patch));
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
function ordered(
  command: (herder: Herder, name: string) => Promise<void>,
  answer: ResourceAnswer,
): (context: ResourceContext, request: ResourceRequest) => Promise<ResourceAnswer> {
  return async ({ herder }, request) => {
    await command(herder, connectorOf(request));
    return answer;
  };
}

/** Fills in `name`, which must not contradict the one the request is about (R1.46). */
function withName(name: string, config: ConnectorConfigInput | null): ConnectorConfigInput {
  if (config === null)
    throw new BodyError(`The request for connector ${name} carries no config: null or missing.`);
  const configured = config['name'] ?? null;
  if (configured === null) return { ...config, name };
  if (configured !== name)
    throw badRequest(
      `Connector name configuration (${configured}) doesn't match connector name in the URL ` +
        `(${name})`,
    );
  return config;
}

function location(request: ResourceRequest, name: string): Readonly<Record<string, string>> {
  return { location: `${request.origin}/connectors/${encodeURIComponent(name)}` };
}

function connectorOf(request: ResourceRequest): string {
  return request.param('connector');
}

/** Task numbers are part of the path: what is none is no such path. */
function taskOf(request: ResourceRequest): number {
  const text = request.param('task');
  if (!/^[+-]?\d{1,10}$/.test(text)) throw notFound('HTTP 404 Not Found');
  return Number(text);
}
