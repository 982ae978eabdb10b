import type { Attributes } from '@opentelemetry/api';
import type { TaskId } from '../task-host/contract.ts';

/** Whose spans they are. */
export interface TracedTask {
  readonly id: TaskId;
  /** Of the plug-in. */
  readonly className: string;
}

/** What every span of a task tells. */
export function taskAttributes({ id, className }: TracedTask): Attributes {
  return {
    'messaging.system': 'kafka',
    'sluice.connector': id.connector,
    'sluice.task': id.task,
    'sluice.class': className,
  };
}
