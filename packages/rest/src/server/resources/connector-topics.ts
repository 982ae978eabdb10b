import { RestError } from '../../contract/rest-error.ts';
import { ok, type Resource, type ResourceContext } from '../resource.ts';

const FORBIDDEN = 403;

/** `/connectors/{name}/topics` (KIP-558, R1.38 and R1.39). */
export const CONNECTOR_TOPIC_RESOURCES: readonly Resource[] = [
  {
    path: '/connectors/:connector/topics',
    methods: {
      GET: {
        about: 'The topics that the tasks have used.',
        gives: { 200: 'ConnectorTopics' },
        refuses: [403],
        run: async (context, request) => {
          requireTracking(context);
          const { herder } = context;
          const name = request.param('connector');
          const topics = await herder.connectorTopics(name);
          return ok(Object.fromEntries([[name, { topics }]]));
        },
      },
    },
  },
  {
    path: '/connectors/:connector/topics/reset',
    methods: {
      PUT: {
        about: 'Forgets the topics that the tasks have used.',
        gives: { 202: null },
        refuses: [403],
        run: async (context, request) => {
          requireTracking(context);
          if (!context.topicTracking.isResetAllowed)
            throw new RestError(FORBIDDEN, 'Topic tracking reset is disabled.');
          const { herder } = context;
          await herder.resetConnectorTopics(request.param('connector'));
          return { status: 202 };
        },
      },
    },
  },
];

function requireTracking({ topicTracking }: ResourceContext): void {
  if (!topicTracking.isEnabled) throw new RestError(FORBIDDEN, 'Topic tracking is disabled.');
}
