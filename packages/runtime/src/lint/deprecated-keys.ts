/** Keys of connectors that are deprecated or gone, each with what to do instead. */
export const DEPRECATED_KEYS: ReadonlyMap<string, string> = new Map([
  ['tasks.max.enforce', 'mend the connector so that it makes no more tasks than tasks.max'],
  ['internal.key.converter', 'internal data is always JSON without schemas; remove it'],
  ['internal.value.converter', 'internal data is always JSON without schemas; remove it'],
  ['type.name', 'Elasticsearch has no types any more; remove it'],
  ['schemas.enable', 'use "key.converter.schemas.enable" and "value.converter.schemas.enable"'],
]);
