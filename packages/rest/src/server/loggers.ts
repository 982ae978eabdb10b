import { LOG_LEVELS, type LoggerControl } from '../contract/logger-control.ts';
import { badRequest, notFound } from '../contract/rest-error.ts';
import { bindLoggerLevel } from './body-binding.ts';
import {
  ok,
  type Resource,
  type ResourceAnswer,
  type ResourceContext,
  type ResourceRequest,
} from './resource.ts';

/** Everything under `/admin/loggers` (R1.67 to R1.69), for one worker. */
export const LOGGER_RESOURCES: readonly Resource[] = [
  {
    path: '/admin/loggers',
    methods: { GET: (context) => ok(Object.fromEntries(controlOf(context).loggers())) },
  },
  { path: '/admin/loggers/:logger', methods: { GET: oneLogger, PUT: setLevel } },
];

function oneLogger(context: ResourceContext, request: ResourceRequest): ResourceAnswer {
  const name = request.param('logger');
  const level = controlOf(context).logger(name);
  if (level === null) throw notFound(`Logger ${name} not found.`);
  return ok(level);
}

function setLevel(context: ResourceContext, request: ResourceRequest): ResourceAnswer {
  const level = bindLoggerLevel(request.body);
  if (level === null) throw badRequest(`Desired 'level' parameter was not specified in request.`);
  const known = LOG_LEVELS.find((one) => one === level.toUpperCase());
  if (known === undefined)
    throw notFound(`invalid log level '${level}'. Use one of ${LOG_LEVELS.join(', ')}.`);
  return ok(controlOf(context).setLevel(request.param('logger'), known));
}

function controlOf(context: ResourceContext): LoggerControl {
  if (context.loggers === null) throw notFound('HTTP 404 Not Found');
  return context.loggers;
}
