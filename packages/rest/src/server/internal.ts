import type { Resource, ResourceAnswer } from './resource.ts';

const NO_CONTENT: ResourceAnswer = { status: 204 };

/** What only workers ask of each other (R1.43); added to the methods of its paths elsewhere. */
export const INTERNAL_RESOURCES: readonly Resource[] = [
  {
    path: '/connectors/:connector/tasks',
    methods: {
      POST: async ({ herder }, request) => {
        await herder.putTaskConfigs(request.param('connector'), request.body ?? '');
        return NO_CONTENT;
      },
    },
  },
  {
    path: '/connectors/:connector/fence',
    methods: {
      PUT: async ({ herder }, request) => {
        await herder.fenceZombieSourceTasks(request.param('connector'));
        return NO_CONTENT;
      },
    },
  },
];
