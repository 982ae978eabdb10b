import type { ConfigDef, Props } from '@sluice/api';
import { isWorkerKey } from './worker-keys.ts';

/** A config that notes which keys a plug-in reads though its ConfigDef does not declare them. */
export interface WatchedProps {
  readonly props: Props;
  readonly undeclared: ReadonlySet<string>;
}

/** What engines and `JSON.stringify` ask of any object. */
const ASKED_OF_ALL: ReadonlySet<string> = new Set(['then', 'toJSON', 'constructor']);

/**
 * A frozen copy of `props` that watches reads. What stands in `props` itself may be read: a
 * connector gives its tasks keys of its own, and copies of a whole config read everything.
 */
export function watchedProps(
  props: Props,
  config: ConfigDef,
  allowed: RegExp | null = null,
): WatchedProps {
  const undeclared = new Set<string>();
  const note = (key: string | symbol): void => {
    if (typeof key !== 'string' || Object.hasOwn(props, key)) return;
    if (config.keys.has(key) || isWorkerKey(key) || ASKED_OF_ALL.has(key)) return;
    if (key in Object.prototype || allowed?.test(key) === true) return;
    undeclared.add(key);
  };
  const watched = new Proxy(Object.freeze({ ...props }), {
    get(target, key, receiver): unknown {
      note(key);
      return Reflect.get(target, key, receiver);
    },
    has(target, key) {
      note(key);
      return Reflect.has(target, key);
    },
    getOwnPropertyDescriptor(target, key) {
      note(key);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
  });
  return { props: watched, undeclared };
}
