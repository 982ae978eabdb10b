import { DescribeAclsRequest } from '@sluice/protocol/gen/describe-acls-request';
import { DescribeAclsResponse } from '@sluice/protocol/gen/describe-acls-response';
import { bindHandler } from './api-handler.ts';
import { NO_ACLS } from './no-acls.ts';

/** DescribeAcls: there are none, because there is no security. */
export const describeAcls = bindHandler({
  request: DescribeAclsRequest,
  response: DescribeAclsResponse,
  handle: async () => ({ throttleTimeMs: 0, ...NO_ACLS, resources: [] }),
});
