import type { ConnectorConfigInput } from '../../contract/connector-config.ts';
import { badRequest } from '../../contract/rest-error.ts';
import {
  ok,
  type Operation,
  type Resource,
  type ResourceAnswer,
  type ResourceContext,
  type ResourceRequest,
} from '../resource.ts';
import { BodyError, bindCreateRequest, bindStringMap } from './body-binding.ts';

/** `POST /connectors` (R1.24). */
export const createConnector: Operation = {
  about: 'Creates a connector.',
  takes: 'CreateConnector',
  gives: { 201: 'ConnectorInfo' },
  refuses: [400],
  isForwardable: true,
  run: create,
};

/** `/connectors/{name}/config` (R1.26 to R1.28). */
export const CONNECTOR_CONFIG_RESOURCES: readonly Resource[] = [
  {
    path: '/connectors/:connector/config',
    methods: {
      GET: {
        about: 'The config as it was given.',
        gives: { 200: 'ConnectorConfig' },
        run: async ({ herder }, request) =>
          ok(await herder.connectorConfig(request.param('connector'))),
      },
      PUT: {
        about: 'Creates a connector, or replaces the config of one that is there.',
        takes: 'ConnectorConfig',
        gives: { 200: 'ConnectorInfo', 201: 'ConnectorInfo' },
        refuses: [400],
        isForwardable: true,
        run: putConfig,
      },
      PATCH: {
        about: 'Changes some keys of a config; null removes a key.',
        takes: 'ConnectorConfigPatch',
        gives: { 200: 'ConnectorInfo' },
        refuses: [400],
        isForwardable: true,
        run: patchConfig,
      },
    },
  },
];

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
  const name = request.param('connector');
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
  return ok(await herder.patchConnectorConfig(request.param('connector'), patch));
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
  // Half a surrogate pair has no place in a URL.
  const encoded = encodeURIComponent(name.toWellFormed());
  return { location: `${request.origin}/connectors/${encoded}` };
}
