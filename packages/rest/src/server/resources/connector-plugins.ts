import { RestError, badRequest } from '../../contract/rest-error.ts';
import type { ConfigInfos } from '../../contract/wire.ts';
import {
  booleanParameter,
  ok,
  type Resource,
  type ResourceAnswer,
  type ResourceContext,
  type ResourceRequest,
} from '../resource.ts';
import { BodyError, bindStringMap } from './body-binding.ts';

const CLASS_SUFFIX = 'Connector';
/** Java shows the error it wraps with its class. */
const WRAPPED = 'org.apache.kafka.connect.runtime.rest.errors.BadRequestException';

/** Everything under `/connector-plugins` (R1.44, R1.61 to R1.66). */
export const CONNECTOR_PLUGIN_RESOURCES: readonly Resource[] = [
  {
    path: '/connector-plugins',
    methods: {
      GET: {
        about: 'The plug-ins that this worker has.',
        query: [
          {
            name: 'connectorsOnly',
            type: 'boolean',
            about: 'Connectors only, which is the default, or every kind of plug-in.',
          },
        ],
        gives: { 200: 'PluginInfos' },
        run: ({ herder }, request) =>
          ok(herder.plugins(booleanParameter(request, 'connectorsOnly', true))),
      },
    },
  },
  {
    path: '/connector-plugins/:plugin/config',
    methods: {
      GET: {
        about: 'The config keys of a plug-in.',
        query: [{ name: 'version', type: 'string', about: 'A version, or a range of versions.' }],
        gives: { 200: 'ConfigKeyInfos' },
        refuses: [400],
        run: async ({ herder }, request) =>
          ok(
            await herder.pluginConfig(request.param('plugin'), request.query('version')[0] ?? null),
          ),
      },
    },
  },
  {
    path: '/connector-plugins/:plugin/config/validate',
    methods: {
      PUT: {
        about: 'Checks a connector config, key by key, without creating anything.',
        takes: 'ConnectorConfig',
        gives: { 200: 'ConfigInfos' },
        refuses: [400],
        run: validate,
      },
    },
  },
];

async function validate(
  { herder }: ResourceContext,
  request: ResourceRequest,
): Promise<ResourceAnswer> {
  const plugin = request.param('plugin');
  const config = bindStringMap(request.body);
  if (config === null)
    throw new BodyError('The request has no body: PUT the config as a flat JSON object.');
  const included = config['connector.class'] ?? null;
  if (included !== null && !shortened(included).endsWith(shortened(plugin)))
    throw badRequest(`Included connector type ${included} does not match request type ${plugin}`);
  return ok(await asServerError(herder.validateConfig(plugin, config)));
}

/**
 * A missing or unknown class is 500 on this path and 400 on the others: Java wraps what validation
 * throws here, and clients know it so.
 */
async function asServerError(answer: Promise<ConfigInfos>): Promise<ConfigInfos> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RestError && error.status === 400)
      throw new RestError(500, `${WRAPPED}: ${error.message}`, { cause: error });
    throw error;
  }
}

function shortened(className: string): string {
  return className.endsWith(CLASS_SUFFIX) ? className.slice(0, -CLASS_SUFFIX.length) : className;
}
