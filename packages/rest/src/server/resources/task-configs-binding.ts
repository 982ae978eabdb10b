import { BodyError, boundStringMap, parseBody, wrongType } from './body-binding.ts';

const LIST_CLASS = 'java.util.ArrayList<java.util.Map<java.lang.String,java.lang.String>>';
const EMPTY =
  'No content to map due to end-of-input\n at [Source: REDACTED ' +
  '(`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1]';

/**
 * Checks the body of `POST /connectors/{name}/tasks`: a list of flat maps. Answers it as it came,
 * for its signature covers the text.
 *
 * @throws BodyError
 */
export function checkTaskConfigs(body: string | null): string {
  if (body === null) throw new BodyError(EMPTY);
  const root = parseBody(body);
  if (root?.type === 'array')
    for (const [at, item] of root.items.entries())
      boundStringMap(item, `java.util.ArrayList[${at}]`);
  else if (root !== null) throw wrongType(LIST_CLASS, root, '');
  return body;
}
