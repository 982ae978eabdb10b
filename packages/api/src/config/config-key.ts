import type { Password } from './password.ts';
import type { Recommender } from './recommender.ts';
import type { Validator } from './validator.ts';

/** The TypeScript type that each config type is parsed to. */
export interface ConfigTypes {
  readonly BOOLEAN: boolean;
  readonly STRING: string;
  readonly INT: number;
  readonly SHORT: number;
  /**
   * Exact: beyond 2^53 a value that a number can't hold is refused. Only the largest, which means "no
   * limit", becomes 2^63.
   */
  readonly LONG: number;
  readonly DOUBLE: number;
  readonly LIST: readonly string[];
  /** The class name as written; plug-ins are found by the worker. */
  readonly CLASS: string;
  readonly PASSWORD: Password;
}

/** Mirrors `ConfigDef.Type`. */
export type ConfigType = keyof ConfigTypes;
/** Mirrors `ConfigDef.Importance`. */
export type Importance = 'HIGH' | 'MEDIUM' | 'LOW';
/** Mirrors `ConfigDef.Width`: how wide a form field should be. */
export type Width = 'NONE' | 'SHORT' | 'MEDIUM' | 'LONG';

/** How a key is written down in `new ConfigDef({ ... })`. */
export interface ConfigKeySpec {
  readonly type: ConfigType;
  /** Absent: the key is required. A string is parsed as a user's value would be. */
  readonly default?: unknown;
  readonly importance: Importance;
  readonly doc: string;
  readonly validator?: Validator;
  /** Heading under which forms show the key. Default: none. */
  readonly group?: string;
  /** Default: -1. */
  readonly orderInGroup?: number;
  /** Default: NONE. */
  readonly width?: Width;
  /** Default: the key itself. */
  readonly displayName?: string;
  /** Keys whose validity or visibility hangs on this one. */
  readonly dependents?: readonly string[];
  readonly recommender?: Recommender;
  /** Left out of generated documentation. Default: false. */
  readonly internal?: boolean;
  /** What documentation shows instead of the default. */
  readonly alternativeString?: string;
}

/** A key with everything filled in. Mirrors `ConfigDef.ConfigKey`. */
export interface ConfigKey {
  readonly name: string;
  readonly type: ConfigType;
  readonly hasDefault: boolean;
  /** Parsed; `undefined` when the key is required. */
  readonly defaultValue: unknown;
  readonly validator: Validator | null;
  readonly importance: Importance;
  readonly documentation: string;
  readonly group: string | null;
  readonly orderInGroup: number;
  readonly width: Width;
  readonly displayName: string;
  readonly dependents: readonly string[];
  readonly recommender: Recommender | null;
  readonly internal: boolean;
  readonly alternativeString: string | null;
}
