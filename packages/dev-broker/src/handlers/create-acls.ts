import { CreateAclsRequest } from '@sluice/protocol/gen/create-acls-request';
import { CreateAclsResponse } from '@sluice/protocol/gen/create-acls-response';
import { bindHandler } from './api-handler.ts';
import { NO_ACLS } from './no-acls.ts';

/** CreateAcls: none can be made, because there is no security. */
export const createAcls = bindHandler({
  request: CreateAclsRequest,
  response: CreateAclsResponse,
  handle: async (request) => ({ throttleTimeMs: 0, results: request.creations.map(() => NO_ACLS) }),
});
