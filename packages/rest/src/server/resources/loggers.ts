import { LOG_LEVELS, type LoggerControl } from '../../contract/logger-control.ts';
import { RestError, badRequest, notFound } from '../../contract/rest-error.ts';
import {
  ok,
  type Resource,
  type ResourceAnswer,
  type ResourceContext,
  type ResourceRequest,
} from '../resource.ts';
import { bindLoggerLevel } from './body-binding.ts';

/** Everything under `/admin/loggers` (R1.67 to R1.71). */
export const LOGGER_RESOURCES: readonly Resource[] = [
  {
    path: '/admin/loggers',
    audience: 'admin',
    methods: {
      GET: {
        about: 'Every logger of this worker with its level.',
        gives: { 200: 'LoggerLevels' },
        run: (context) => ok(Object.fromEntries(controlOf(context).loggers())),
      },
    },
  },
  {
    path: '/admin/loggers/:logger',
    audience: 'admin',
    methods: {
      GET: { about: 'The level of one logger.', gives: { 200: 'LoggerLevel' }, run: oneLogger },
      PUT: {
        about: 'Sets the level of a logger and of all below it.',
        query: [
          {
            name: 'scope',
            type: 'string',
            about: 'This worker, or every worker of the cluster.',
            values: ['worker', 'cluster'],
          },
        ],
        takes: 'SetLevel',
        gives: { 200: 'Names', 204: null },
        refuses: [400],
        run: setLevel,
      },
    },
  },
];

function oneLogger(context: ResourceContext, request: ResourceRequest): ResourceAnswer {
  const name = request.param('logger');
  const level = controlOf(context).logger(name);
  if (level === null) throw notFound(`Logger ${name} not found.`);
  return ok(level);
}

async function setLevel(
  context: ResourceContext,
  request: ResourceRequest,
): Promise<ResourceAnswer> {
  const control = controlOf(context);
  const level = knownLevel(bindLoggerLevel(request.body));
  const logger = request.param('logger');
  const scope = request.query('scope')[0];
  if (scope?.toLowerCase() === 'cluster') {
    const { herder } = context;
    if (herder.setClusterLogLevel === undefined) control.setLevel(logger, level);
    else await herder.setClusterLogLevel(logger, level);
    return { status: 204 };
  }
  if (scope !== undefined && scope.toLowerCase() !== 'worker')
    context.warn(`PUT /admin/loggers/${logger}: unknown scope '${scope}' is taken as 'worker'`);
  return ok(control.setLevel(logger, level));
}

function knownLevel(level: string | null): string {
  if (level === null) throw badRequest(`Desired 'level' parameter was not specified in request.`);
  // Java's logging library refuses an empty name before Connect looks at it.
  if (level.trim() === '') throw new RestError(500, 'Illegal null or empty Level name.');
  const known = LOG_LEVELS.find((one) => one === level.trim().toUpperCase());
  if (known === undefined) throw notFound(`invalid log level '${level}'.`);
  return known;
}

function controlOf(context: ResourceContext): LoggerControl {
  if (context.loggers === null) throw notFound('HTTP 404 Not Found');
  return context.loggers;
}
