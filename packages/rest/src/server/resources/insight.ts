/** `/sluice/v1/`: what goes beyond Java's API. */
import type { ConnectorConfigInput } from '../../contract/connector-config.ts';
import type { PreviewRequest, WorkerInsight } from '../../contract/insight.ts';
import { badRequest } from '../../contract/rest-error.ts';
import {
  ok,
  type Operation,
  type Resource,
  type ResourceAnswer,
  type ResourceContext,
  type ResourceRequest,
} from '../resource.ts';
import { BodyError, bindStringMap, boundStringMap, parseBody } from './body-binding.ts';

const PREVIEW_RECORDS_DEFAULT = 5;
const PREVIEW_RECORDS_MAX = 100;
/** The worst of a worker's parts is the worker's own state. */
const SEVERITY = ['healthy', 'degraded', 'unhealthy'] as const;

export const INSIGHT_RESOURCES: readonly Resource[] = [
  {
    path: '/sluice/v1/health',
    methods: {
      GET: {
        about: 'How each part of the worker is.',
        gives: { 200: 'HealthDetail' },
        run: health,
      },
    },
  },
  {
    path: '/sluice/v1/connectors/:connector/progress',
    methods: {
      GET: insight('How far each task is.', 'TaskProgressInfos', (known, request) =>
        known.progress(request.param('connector')),
      ),
    },
  },
  {
    path: '/sluice/v1/stalled-tasks',
    methods: {
      GET: insight('Tasks that have work and do none of it.', 'StalledTasks', (known) =>
        known.stalledTasks(),
      ),
    },
  },
  {
    path: '/sluice/v1/errors',
    methods: {
      GET: {
        ...insight('How often each error was seen, by its code.', 'ErrorCounts', (known, request) =>
          known.errors(request.query('connector')[0] ?? null),
        ),
        query: [{ name: 'connector', type: 'string', about: 'Only those of this connector.' }],
      },
    },
  },
  {
    path: '/sluice/v1/lint',
    methods: {
      POST: {
        about: 'Remarks on a connector config: unknown keys, deprecated keys, secrets in the open.',
        takes: 'ConnectorConfig',
        gives: { 200: 'LintReport' },
        refuses: [400],
        run: lint,
      },
    },
  },
  {
    path: '/sluice/v1/preview',
    methods: {
      POST: {
        about: 'Runs some sampled records through a config, without deploying it.',
        takes: 'PreviewRequest',
        gives: { 200: 'PreviewReport' },
        refuses: [400],
        run: preview,
      },
    },
  },
];

function insight(
  about: string,
  schema: 'TaskProgressInfos' | 'StalledTasks' | 'ErrorCounts',
  ask: (known: WorkerInsight, request: ResourceRequest) => Promise<unknown>,
): Operation {
  return {
    about,
    gives: { 200: schema },
    run: async ({ herder }, request) => ok(await ask(herder.insight, request)),
  };
}

async function health({ herder }: ResourceContext): Promise<ResourceAnswer> {
  const detail = await herder.insight.health();
  const worst = Math.max(0, ...detail.parts.map(({ status }) => SEVERITY.indexOf(status)));
  const status = herder.isReady ? SEVERITY[worst] : 'starting';
  return ok({ status, stage: herder.stage(), ...detail });
}

async function lint(
  { herder }: ResourceContext,
  request: ResourceRequest,
): Promise<ResourceAnswer> {
  const config = bound(() => bindStringMap(request.body));
  if (config === null)
    throw badRequest('The request has no body: POST the config as a flat JSON object.');
  return ok(await herder.insight.lint(config));
}

async function preview(
  { herder }: ResourceContext,
  request: ResourceRequest,
): Promise<ResourceAnswer> {
  const asked = bound(() => bindPreview(request.body));
  return ok(await herder.insight.preview(asked));
}

/** @throws RestError 400, BodyError */
function bindPreview(body: string | null): PreviewRequest {
  const root = parseBody(body);
  if (root?.type !== 'object')
    throw badRequest('A preview is asked for with {"config": {...}, "records": 5}.');
  let config: ConnectorConfigInput | null = null;
  let records = PREVIEW_RECORDS_DEFAULT;
  for (const { key, value } of root.entries) {
    if (key === 'config') config = boundStringMap(value, 'config');
    else if (key === 'records') records = value.type === 'number' ? Number(value.text) : Number.NaN;
    else throw badRequest(`A preview has no field ${key}: it has config and records.`);
  }
  if (config === null) throw badRequest('A preview needs a config: {"config": {...}}.');
  if (!Number.isInteger(records) || records < 1 || records > PREVIEW_RECORDS_MAX)
    throw badRequest(`A preview takes 1 to ${PREVIEW_RECORDS_MAX} records.`);
  return { config, records };
}

/** Here a body that can't be read is the client's mistake, as it is everywhere but in Java's API. */
function bound<T>(bind: () => T): T {
  try {
    return bind();
  } catch (error) {
    if (error instanceof BodyError) throw badRequest(error.message);
    throw error;
  }
}
