import { DeleteAclsRequest } from '@sluice/protocol/gen/delete-acls-request';
import { DeleteAclsResponse } from '@sluice/protocol/gen/delete-acls-response';
import { bindHandler } from './api-handler.ts';
import { NO_ACLS } from './no-acls.ts';

/** DeleteAcls: there are none, because there is no security. */
export const deleteAcls = bindHandler({
  request: DeleteAclsRequest,
  response: DeleteAclsResponse,
  handle: async (request) => ({
    throttleTimeMs: 0,
    filterResults: request.filters.map(() => ({ ...NO_ACLS, matchingAcls: [] })),
  }),
});
