import type { ConfigType, Importance, Width } from '../config/config-key.ts';
import type { ValidatorDescription } from '../config/validator.ts';

/** What a plug-in is, in Java's words. */
export type PluginType =
  | 'source'
  | 'sink'
  | 'converter'
  | 'header_converter'
  | 'transformation'
  | 'predicate'
  | 'configprovider'
  | 'rest_extension'
  | 'connector_client_config_override_policy';

/** One config key as data. */
export interface ConfigKeyDescription {
  readonly name: string;
  readonly type: ConfigType;
  /** Absent when the key is required; text in the form that users write, or null. */
  readonly default?: string | null;
  readonly importance: Importance;
  readonly doc: string;
  readonly group?: string;
  readonly orderInGroup?: number;
  readonly width?: Width;
  readonly displayName?: string;
  readonly dependents?: readonly string[];
  readonly validator?: ValidatorDescription;
  /** The key's recommender is code: to run it the plug-in has to be imported. */
  readonly isRecommended?: true;
  readonly internal?: true;
}

/** One plug-in of a package: what listing and validating need, without importing it. */
export interface PluginDescription {
  /** The class name that users write. */
  readonly class: string;
  /** Short names that mean this plug-in, unless another one claims them too. */
  readonly aliases: readonly string[];
  readonly type: PluginType;
  /** Subpath of the package whose module holds the plug-in: `./json-converter`. */
  readonly export: string;
  /** Name under which that module exports the definition. */
  readonly name: string;
  readonly version: string;
  readonly config: readonly ConfigKeyDescription[];
}

/** The content of a package's `connect.json`. */
export interface PluginManifest {
  /** Version of the contract between plug-ins and worker. */
  readonly api: 1;
  readonly plugins: readonly PluginDescription[];
}
