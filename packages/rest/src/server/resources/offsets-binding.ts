import type { OffsetEntryText } from '../../contract/herder.ts';
import type { JsonNode } from '../../json/json-tree.ts';
import { BodyError, noCreator, parseBody, unknownField, wrongType } from './body-binding.ts';
import { compactJson } from './compact-json.ts';

const OFFSETS_CLASS = 'org.apache.kafka.connect.runtime.rest.entities.ConnectorOffsets';
const OFFSET_CLASS = 'org.apache.kafka.connect.runtime.rest.entities.ConnectorOffset';
const LIST_CLASS = `java.util.ArrayList<${OFFSET_CLASS}>`;
const MAP = 'java.util.LinkedHashMap';
const MAP_CLASS = `${MAP}<java.lang.String,java.lang.Object>`;

/**
 * The body of `PATCH /connectors/{name}/offsets`, bound as Jackson binds it; null for an empty body
 * or a JSON null, an empty list for missing or null `offsets`.
 *
 * @throws BodyError
 */
export function bindOffsets(body: string | null): readonly OffsetEntryText[] | null {
  const root = parseBody(body, OFFSETS_CLASS);
  if (root === null) return null;
  if (root.type === 'array') throw wrongType(OFFSETS_CLASS, root, '');
  if (root.type !== 'object') throw noCreator(OFFSETS_CLASS, root, '');
  let offsets: readonly OffsetEntryText[] = [];
  for (const { key, value } of root.entries) {
    const path = `${OFFSETS_CLASS}["${key}"]`;
    if (key !== 'offsets')
      throw unknownField(key, OFFSETS_CLASS, 'one known property: "offsets"', root.end, path);
    offsets = value.type === 'null' ? [] : entries(value, path);
  }
  return offsets;
}

function entries(node: JsonNode, path: string): readonly OffsetEntryText[] {
  if (node.type !== 'array') throw wrongType(LIST_CLASS, node, path);
  return node.items.map((item, at) => entry(item, `${path}->java.util.ArrayList[${at}]`));
}

function entry(node: JsonNode, path: string): OffsetEntryText {
  if (node.type === 'null') throw new BodyError('One of the offsets is null.');
  if (node.type === 'array') throw wrongType(OFFSET_CLASS, node, path);
  if (node.type !== 'object') throw noCreator(OFFSET_CLASS, node, path);
  const bound: { -readonly [K in keyof OffsetEntryText]: OffsetEntryText[K] } = {
    partition: null,
    offset: null,
  };
  for (const { key, value } of node.entries) {
    const memberPath = `${path}->${OFFSET_CLASS}["${key}"]`;
    if (key !== 'partition' && key !== 'offset')
      throw unknownField(
        key,
        OFFSET_CLASS,
        '2 known properties: "partition", "offset"',
        node.end,
        memberPath,
      );
    bound[key] = map(value, memberPath);
  }
  return bound;
}

function map(node: JsonNode, path: string): string | null {
  if (node.type === 'null') return null;
  if (node.type === 'string') throw noCreator(MAP, node, path);
  if (node.type !== 'object') throw wrongType(MAP_CLASS, node, path);
  return compactJson(node);
}
