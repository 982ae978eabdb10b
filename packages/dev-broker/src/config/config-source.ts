/** Where a config's value comes from, as numbers of the wire (`ConfigEntry.ConfigSource`). */
export const CONFIG_SOURCE = { topic: 1, staticBroker: 4, default: 5 } as const;

/** Kinds of things that have configs (`ConfigResource.Type`). */
export const RESOURCE_TYPE = { topic: 2, broker: 4 } as const;

/** Types of values as numbers of the wire. */
export const CONFIG_TYPE_CODE = {
  BOOLEAN: 1,
  STRING: 2,
  INT: 3,
  LONG: 5,
  DOUBLE: 6,
  LIST: 7,
} as const;
