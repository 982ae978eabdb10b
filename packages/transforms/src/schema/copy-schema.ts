import { SchemaBuilder, type Schema, type SchemaType } from '@sluice/api';

/**
 * A builder with a schema's name, version, doc and parameters. Whether it is optional, and its
 * default, are not taken over: Java's transformations drop them from the schemas they rebuild.
 *
 * @param type of the new schema; default: that of the source
 * @param name of the new schema; default: that of the source
 */
export function copySchemaBasics(
  source: Schema,
  type: SchemaType = source.type,
  name: string | null = source.name,
): SchemaBuilder {
  const builder =
    type === 'ARRAY' || type === 'MAP'
      ? SchemaBuilder.inferred(type, source.keySchema, source.valueSchema)
      : SchemaBuilder.ofType(type);
  builder.name(name).version(source.version).doc(source.doc);
  if (source.parameters !== null) builder.parameters(source.parameters);
  return builder;
}
