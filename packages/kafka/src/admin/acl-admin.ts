import { CreateAclsRequest } from '@sluice/protocol/gen/create-acls-request';
import { CreateAclsResponse } from '@sluice/protocol/gen/create-acls-response';
import { DeleteAclsRequest } from '@sluice/protocol/gen/delete-acls-request';
import {
  DeleteAclsResponse,
  type DeleteAclsResponseDeleteAclsMatchingAcl,
} from '@sluice/protocol/gen/delete-acls-response';
import { DescribeAclsRequest } from '@sluice/protocol/gen/describe-acls-request';
import { DescribeAclsResponse } from '@sluice/protocol/gen/describe-acls-response';
import { brokerError } from '../errors/broker-error.ts';
import {
  type AdminCalls,
  forEachItem,
  onAnyBroker,
  type Outcome,
  type Outcomes,
  outcomeOf,
} from './admin-calls.ts';
import {
  ACL_OPERATIONS,
  ACL_PATTERN_TYPES,
  ACL_PERMISSIONS,
  ACL_RESOURCE_TYPES,
  type AclOperation,
  type AclPatternType,
  type AclPermission,
  type AclResourceType,
} from './wire-names.ts';

/** One access rule. Mirrors Java's `AclBinding`; `UNKNOWN` is for what is newer than this client. */
export interface AclBinding {
  readonly resourceType: AclResourceType | 'UNKNOWN';
  readonly resourceName: string;
  readonly patternType: AclPatternType | 'UNKNOWN';
  /** `User:alice`, `User:*`. */
  readonly principal: string;
  /** `*` for any. */
  readonly host: string;
  readonly operation: AclOperation | 'UNKNOWN';
  readonly permission: AclPermission | 'UNKNOWN';
}

/** A rule to make: everything is known. */
export interface NewAcl extends AclBinding {
  readonly resourceType: Exclude<AclResourceType, 'ANY'>;
  readonly patternType: 'LITERAL' | 'PREFIXED';
  readonly operation: Exclude<AclOperation, 'ANY'>;
  readonly permission: 'ALLOW' | 'DENY';
}

/** Which rules; what is left out matches all. Mirrors Java's `AclBindingFilter`. */
export interface AclFilter {
  readonly resourceType?: AclResourceType;
  readonly resourceName?: string;
  readonly patternType?: AclPatternType;
  readonly principal?: string;
  readonly host?: string;
  readonly operation?: AclOperation;
  readonly permission?: AclPermission;
}

/** Access rules. Without an authorizer on the broker every call fails with `SECURITY_DISABLED`. */
export class AclAdmin {
  readonly #calls: AdminCalls;

  constructor(calls: AdminCalls) {
    this.#calls = calls;
  }

  /** @throws KafkaError `SECURITY_DISABLED`, `CLUSTER_AUTHORIZATION_FAILED` */
  describe(filter: AclFilter = {}): Promise<readonly AclBinding[]> {
    const retry = this.#calls.retry('Describing ACLs');
    return onAnyBroker(this.#calls, retry, async (connection, timeoutMs) => {
      const response = await connection.request(
        DescribeAclsRequest,
        DescribeAclsResponse,
        () => filterOnWire(filter),
        { timeoutMs },
      );
      if (response.errorCode !== 0) {
        throw brokerError(response.errorCode, retry.what, response.errorMessage);
      }
      return response.resources.flatMap(({ acls, ...resource }) =>
        acls.map((acl) => bindingOf({ ...resource, ...acl })),
      );
    });
  }

  /** Outcomes by the rule's own object. A rule that exists already is made once more without an error. */
  create(acls: readonly NewAcl[]): Promise<Outcomes<NewAcl, null>> {
    const { cluster } = this.#calls;
    const { requestTimeoutMs: timeoutMs } = cluster.config;
    return forEachItem(cluster, acls, this.#calls.retry('Creating ACLs'), async (open) => {
      const connection = await cluster.controller();
      const response = await connection.request(
        CreateAclsRequest,
        CreateAclsResponse,
        () => ({ creations: open.map(creationOf) }),
        { timeoutMs },
      );
      return inOrder(open, response.results, (acl, { errorCode, errorMessage }) =>
        outcomeOf(errorCode, `Creating the ACL of ${acl.principal}`, null, errorMessage),
      );
    });
  }

  /** Deletes what matches; answers, by the filter's own object, what was deleted. */
  delete(filters: readonly AclFilter[]): Promise<Outcomes<AclFilter, readonly AclBinding[]>> {
    const { cluster } = this.#calls;
    const { requestTimeoutMs: timeoutMs } = cluster.config;
    return forEachItem(cluster, filters, this.#calls.retry('Deleting ACLs'), async (open) => {
      const connection = await cluster.controller();
      const response = await connection.request(
        DeleteAclsRequest,
        DeleteAclsResponse,
        () => ({ filters: open.map(filterOnWire) }),
        { timeoutMs },
      );
      return inOrder(open, response.filterResults, (_filter, result) => {
        const { errorCode, errorMessage, matchingAcls } = result;
        const failed = matchingAcls.find((acl) => acl.errorCode !== 0) ?? null;
        const code = errorCode === 0 ? (failed?.errorCode ?? 0) : errorCode;
        const detail = errorCode === 0 ? (failed?.errorMessage ?? null) : errorMessage;
        return outcomeOf(code, 'Deleting ACLs', matchingAcls.map(bindingOf), detail);
      });
    });
  }
}

/** The broker answers in the order asked. */
function inOrder<K, R, T>(
  items: readonly K[],
  results: readonly R[],
  outcome: (item: K, result: R) => Outcome<T>,
): Outcomes<K, T> {
  return new Map(
    items.flatMap((item, i): [K, Outcome<T>][] => {
      const result = results[i];
      return result === undefined ? [] : [[item, outcome(item, result)]];
    }),
  );
}

function creationOf(acl: NewAcl): CreateAclsRequest['creations'][number] {
  return {
    resourceType: ACL_RESOURCE_TYPES.codeOf(acl.resourceType),
    resourceName: acl.resourceName,
    resourcePatternType: ACL_PATTERN_TYPES.codeOf(acl.patternType),
    principal: acl.principal,
    host: acl.host,
    operation: ACL_OPERATIONS.codeOf(acl.operation),
    permissionType: ACL_PERMISSIONS.codeOf(acl.permission),
  };
}

function filterOnWire(filter: AclFilter): DescribeAclsRequest {
  return {
    resourceTypeFilter: ACL_RESOURCE_TYPES.codeOf(filter.resourceType ?? 'ANY'),
    resourceNameFilter: filter.resourceName ?? null,
    patternTypeFilter: ACL_PATTERN_TYPES.codeOf(filter.patternType ?? 'ANY'),
    principalFilter: filter.principal ?? null,
    hostFilter: filter.host ?? null,
    operation: ACL_OPERATIONS.codeOf(filter.operation ?? 'ANY'),
    permissionType: ACL_PERMISSIONS.codeOf(filter.permission ?? 'ANY'),
  };
}

function bindingOf(
  acl: Omit<DeleteAclsResponseDeleteAclsMatchingAcl, 'errorCode' | 'errorMessage'>,
): AclBinding {
  const { resourceName, principal, host } = acl;
  return {
    resourceType: ACL_RESOURCE_TYPES.nameOf(acl.resourceType),
    resourceName,
    patternType: ACL_PATTERN_TYPES.nameOf(acl.patternType),
    principal,
    host,
    operation: ACL_OPERATIONS.nameOf(acl.operation),
    permission: ACL_PERMISSIONS.nameOf(acl.permissionType),
  };
}
