import { badRequest } from '../../contract/rest-error.ts';
import type { OffsetEntryText } from '../../contract/herder.ts';
import {
  ok,
  type Resource,
  type ResourceAnswer,
  type ResourceContext,
  type ResourceRequest,
} from '../resource.ts';
import { BodyError } from './body-binding.ts';
import { bindOffsets } from './offsets-binding.ts';

/** `/connectors/{name}/offsets` (KIP-875, R1.40 to R1.42, R1.52 to R1.60). */
export const CONNECTOR_OFFSET_RESOURCES: readonly Resource[] = [
  {
    path: '/connectors/:connector/offsets',
    methods: {
      GET: { about: 'The committed offsets.', gives: { 200: 'ConnectorOffsets' }, run: offsets },
      PATCH: {
        about: 'Sets offsets of a stopped connector; a null offset resets its partition.',
        takes: 'ConnectorOffsets',
        gives: { 200: 'OffsetsMessage' },
        refuses: [400],
        isForwardable: true,
        run: alter,
      },
      DELETE: {
        about: 'Resets all offsets of a stopped connector.',
        gives: { 200: 'OffsetsMessage' },
        refuses: [400],
        isForwardable: true,
        run: async ({ herder }, request) => ok(await herder.resetConnectorOffsets(nameOf(request))),
      },
    },
  },
];

/** Joined from texts: no offset passes through a JavaScript number. */
async function offsets(
  { herder }: ResourceContext,
  request: ResourceRequest,
): Promise<ResourceAnswer> {
  const entries = await herder.connectorOffsets(nameOf(request));
  const items = entries.map(
    ({ partition, offset }) => `{"partition":${partition ?? 'null'},"offset":${offset ?? 'null'}}`,
  );
  return { status: 200, text: `{"offsets":[${items.join(',')}]}` };
}

async function alter(
  { herder }: ResourceContext,
  request: ResourceRequest,
): Promise<ResourceAnswer> {
  const bound = bindOffsets(request.body);
  if (bound === null)
    throw new BodyError('The request has no body: PATCH {"offsets": [{"partition", "offset"}]}.');
  if (bound.length === 0)
    throw badRequest('Partitions / offsets need to be provided for an alter offsets request');
  return ok(await herder.alterConnectorOffsets(nameOf(request), lastOfEach(bound)));
}

/** Java keeps them in a map: of equal partitions the last one counts, in the place of the first. */
function lastOfEach(entries: readonly OffsetEntryText[]): readonly OffsetEntryText[] {
  return [...new Map(entries.map((entry) => [entry.partition, entry])).values()];
}

function nameOf(request: ResourceRequest): string {
  return request.param('connector');
}
