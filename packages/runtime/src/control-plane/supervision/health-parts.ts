import type { HealthPart } from '@sluice/rest';

/** Tasks that failed or stand still. */
export function tasksPart(failed: number, stalled: number): HealthPart {
  if (failed === 0 && stalled === 0)
    return { name: 'tasks', status: 'healthy', message: 'No task has failed or stands still.' };
  return {
    name: 'tasks',
    status: 'degraded',
    message:
      `${failed} failed and ${stalled} stalled: see the status of their connectors and ` +
      '/sluice/v1/stalled-tasks; restart them once the reason is gone.',
  };
}

/** Threads of tasks that do not answer. */
export function threadsPart(answering: number, expected: number): HealthPart {
  if (answering >= expected)
    return { name: 'task-threads', status: 'healthy', message: 'All threads answer.' };
  return {
    name: 'task-threads',
    status: 'degraded',
    message:
      `${expected - answering} running tasks live in threads that did not answer in time: a ` +
      'plug-in blocks there, or the machine is overloaded.',
  };
}

/** Whether offsets of sources can be stored. Tasks go on without, and would repeat after a restart. */
export function offsetsPart(failure: Error | null): HealthPart {
  if (failure === null)
    return { name: 'offset-store', status: 'healthy', message: 'Offsets can be stored.' };
  return {
    name: 'offset-store',
    status: 'degraded',
    message:
      `${failure.message}. Source tasks go on, but after a restart they repeat what they sent since ` +
      'the last write that went well.',
  };
}
