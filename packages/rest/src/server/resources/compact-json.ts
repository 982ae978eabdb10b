import type { JsonNode } from '../../json/json-tree.ts';

/** The JSON text of a tree without space; numbers as they were written, the last of equal keys. */
export function compactJson(node: JsonNode): string {
  switch (node.type) {
    case 'object': {
      const members = new Map(node.entries.map(({ key, value }) => [key, compactJson(value)]));
      return `{${[...members].map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`;
    }
    case 'array':
      return `[${node.items.map(compactJson).join(',')}]`;
    case 'string':
      return JSON.stringify(node.text);
    default:
      return node.text;
  }
}
