import type { Operation, Resource, ResourceAnswer } from '../resource.ts';
import { checkTaskConfigs } from './task-configs-binding.ts';

const NO_CONTENT: ResourceAnswer = { status: 204 };

const PUT_TASK_CONFIGS: Operation = {
  about: 'Task configs from the worker that runs the connector to the leader.',
  gives: { 204: null },
  isForwardable: true,
  isInternal: true,
  run: async ({ herder }, request) => {
    const body = checkTaskConfigs(request.body);
    await herder.putTaskConfigs(request.param('connector'), body);
    return NO_CONTENT;
  },
};

const FENCE: Operation = {
  about: 'Fences out zombie producers of a source connector.',
  gives: { 204: null },
  isForwardable: true,
  isInternal: true,
  run: async ({ herder }, request) => {
    await herder.fenceZombieSourceTasks(request.param('connector'));
    return NO_CONTENT;
  },
};

/** What only workers ask of each other (R1.43); added to the methods of its paths elsewhere. */
export const INTERNAL_RESOURCES: readonly Resource[] = [
  { path: '/connectors/:connector/tasks', methods: { POST: PUT_TASK_CONFIGS } },
  { path: '/connectors/:connector/fence', methods: { PUT: FENCE } },
];
