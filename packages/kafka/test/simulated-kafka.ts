// Brokers for model tests of the producer: everything in memory and on a fake clock, so that a run is the same each time.
// Every request meets the next fault of a list that the test brings.
import {
  decodeRequestBody,
  decodeRequestFrame,
  encodeResponseFrame,
  ERROR_CODES,
  type ErrorName,
  type MessageCodec,
  type RequestFrame,
  type Writer,
} from '@sluice/protocol';
import { AddOffsetsToTxnRequest } from '@sluice/protocol/gen/add-offsets-to-txn-request';
import { AddOffsetsToTxnResponse } from '@sluice/protocol/gen/add-offsets-to-txn-response';
import { AddPartitionsToTxnRequest } from '@sluice/protocol/gen/add-partitions-to-txn-request';
import { AddPartitionsToTxnResponse } from '@sluice/protocol/gen/add-partitions-to-txn-response';
import { DescribeProducersRequest } from '@sluice/protocol/gen/describe-producers-request';
import { DescribeProducersResponse } from '@sluice/protocol/gen/describe-producers-response';
import { EndTxnRequest } from '@sluice/protocol/gen/end-txn-request';
import { EndTxnResponse } from '@sluice/protocol/gen/end-txn-response';
import { FindCoordinatorRequest } from '@sluice/protocol/gen/find-coordinator-request';
import { FindCoordinatorResponse } from '@sluice/protocol/gen/find-coordinator-response';
import { InitProducerIdRequest } from '@sluice/protocol/gen/init-producer-id-request';
import { InitProducerIdResponse } from '@sluice/protocol/gen/init-producer-id-response';
import { ProduceRequest } from '@sluice/protocol/gen/produce-request';
import {
  ProduceResponse,
  type ProduceResponsePartitionProduceResponse,
} from '@sluice/protocol/gen/produce-response';
import { TxnOffsetCommitRequest } from '@sluice/protocol/gen/txn-offset-commit-request';
import { TxnOffsetCommitResponse } from '@sluice/protocol/gen/txn-offset-commit-response';
import { Compressions, decodeRecords, readBatchHeader } from '../src/batch/index.ts';
import type { Fault } from './simulated-faults.ts';
import { SimulatedLog } from './simulated-log.ts';
import { type Identity, SimulatedTransactions } from './simulated-transactions.ts';

export const TOPIC = 't';
export const TOPIC_ID = Buffer.alloc(16, 7).toString('base64url');

/** One connection as the brokers see it. */
export interface SimulatedSocket {
  readonly node: number;
  isClosed: boolean;
  receive(bytes: Buffer): void;
  cut(): void;
}

const NODES = 3;
const MARKERS_MS = 7;
const WIRE_MS = 1;

export class SimulatedKafka {
  readonly logs: readonly SimulatedLog[];
  readonly leaders: number[];
  readonly leaderEpochs: number[];
  readonly transactions: SimulatedTransactions;
  readonly nodes: readonly number[] = Array.from({ length: NODES }, (_, node) => node);
  readonly counts = new Map<string, number>();
  /** What was sent under each sequence: Invariant 6 says that it is always the same. */
  readonly #sent = new Map<string, string>();
  readonly violations: string[] = [];
  coordinator = 0;
  readonly #faults: Fault[];
  readonly #busyUntil = new WeakMap<SimulatedSocket, Promise<void>>();
  /** Appended, and the producer was not told yet. */
  #unanswered = 0;
  #late = 0; // Requests that will come although their connection is gone.
  readonly #forgotten = new Set<string>();
  #nextProducerId = 100;

  constructor(partitions: number, faults: readonly Fault[], isSecondProtocol: boolean) {
    this.logs = Array.from({ length: partitions }, () => new SimulatedLog());
    this.leaders = this.logs.map((_, i) => i % NODES);
    this.leaderEpochs = this.logs.map(() => 0);
    this.#faults = [...faults];
    this.transactions = new SimulatedTransactions(isSecondProtocol, () => {
      setTimeout(() => this.#writeMarkers(), MARKERS_MS);
    });
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** No more faults from here on. */
  calm(): void {
    this.#faults.length = 0;
  }

  /** Takes a request; one after the other per connection, as brokers do. */
  take(socket: SimulatedSocket, bytes: Buffer): void {
    const [frame, fault] = [Buffer.from(bytes), this.#faults.shift() ?? { type: 'none' as const }];
    const before = this.#busyUntil.get(socket) ?? Promise.resolve();
    const done = before.then(() => this.#serve(socket, frame, fault));
    this.#busyUntil.set(socket, done);
  }

  async #serve(socket: SimulatedSocket, frame: Buffer, fault: Fault): Promise<void> {
    if (socket.isClosed) return;
    await sleep(WIRE_MS);
    if (fault.type !== 'none') this.count(fault.type);
    if (fault.type === 'cut before') return socket.cut();
    if (fault.type === 'cut and late') {
      socket.cut();
      this.#late++;
      await sleep(fault.ms);
      this.#late--;
      this.#respond(socket.node, frame, fault);
      return;
    }
    const before = this.#unanswered;
    const answer = this.#respond(socket.node, frame, fault);
    const appended = this.#unanswered - before;
    if (fault.type === 'cut after') return socket.cut();
    if (fault.type === 'mute') return new Promise(() => undefined);
    await sleep(fault.type === 'slow' ? fault.ms : WIRE_MS);
    if (socket.isClosed || answer === null) return;
    this.#unanswered -= appended;
    socket.receive(answer.toBuffer());
  }

  /** `null`: no answer is wanted. */
  #respond(node: number, bytes: Buffer, fault: Fault): Writer | null {
    const frame = decodeRequestFrame(bytes);
    const { requestApiKey, requestApiVersion: version, correlationId: id } = frame.header;
    const encode = <T>(codec: MessageCodec<T>, response: T): Writer =>
      encodeResponseFrame(codec, version, id, response);
    const isAfter = fault.type === 'error after';
    const error = fault.type === 'error' || isAfter ? fault.error : 'NONE';
    if (fault.type === 'producer forgotten') this.#forget(decodeRequestFrame(bytes));
    else this.#upset(fault);
    const throttleTimeMs = 0;
    switch (requestApiKey) {
      case ProduceRequest.apiKey: {
        const request = decodeRequestBody(ProduceRequest, frame);
        return encode(ProduceResponse, this.#produce(node, request, error, isAfter));
      }
      case InitProducerIdRequest.apiKey: {
        const request = decodeRequestBody(InitProducerIdRequest, frame);
        return encode(InitProducerIdResponse, this.#init(node, request));
      }
      case AddPartitionsToTxnRequest.apiKey: {
        const request = decodeRequestBody(AddPartitionsToTxnRequest, frame);
        return encode(AddPartitionsToTxnResponse, this.#addPartitions(node, request));
      }
      case AddOffsetsToTxnRequest.apiKey: {
        const { producerId, producerEpoch } = decodeRequestBody(AddOffsetsToTxnRequest, frame);
        const name = this.#coordinated(node, () =>
          this.transactions.add({ producerId, epoch: producerEpoch }, []),
        );
        return encode(AddOffsetsToTxnResponse, { throttleTimeMs, errorCode: ERROR_CODES[name] });
      }
      case TxnOffsetCommitRequest.apiKey: {
        const request = decodeRequestBody(TxnOffsetCommitRequest, frame);
        return encode(TxnOffsetCommitResponse, this.#commitOffsets(node, request));
      }
      case EndTxnRequest.apiKey: {
        const request = decodeRequestBody(EndTxnRequest, frame);
        return encode(EndTxnResponse, this.#end(node, request, version));
      }
      case DescribeProducersRequest.apiKey: {
        const request = decodeRequestBody(DescribeProducersRequest, frame);
        return encode(DescribeProducersResponse, this.#describe(node, request));
      }
      case FindCoordinatorRequest.apiKey: {
        const { coordinatorKeys } = decodeRequestBody(FindCoordinatorRequest, frame);
        return encode(FindCoordinatorResponse, this.#findCoordinator(coordinatorKeys[0] ?? ''));
      }
      default:
        throw new Error(`The simulated brokers do not know the API ${requestApiKey}`);
    }
  }

  /** What happens besides, before a request is carried out. */
  #upset(fault: Fault): void {
    switch (fault.type) {
      case 'leader moves':
        for (const [i, leader] of this.leaders.entries()) {
          this.leaders[i] = (leader + 1) % NODES;
          this.leaderEpochs[i] = (this.leaderEpochs[i] ?? 0) + 1;
        }
        return;
      case 'leader restarts':
        for (const log of this.logs) log.restart();
        return;
      case 'coordinator moves':
        this.coordinator = (this.coordinator + 1) % NODES;
        return;
      case 'transaction expires':
        if (this.transactions.expire()) this.count('transaction did expire');
        return;
      default:
    }
  }

  /** Only where nothing is under way: a retry of what was forgotten is taken for new by any broker. */
  #forget(frame: RequestFrame): void {
    if (frame.header.requestApiKey !== ProduceRequest.apiKey) return;
    const request = decodeRequestBody(ProduceRequest, frame);
    if (request.transactionalId !== null || this.#unanswered > 0 || this.#late > 0) return;
    for (const { index, records } of request.topicData.flatMap((each) => each.partitionData)) {
      const header = records === null ? null : readBatchHeader(records);
      if (header === null) continue;
      const { producerId, producerEpoch, baseSequence } = header;
      const isRetry = this.#sent.has(keyOf(index, producerId, producerEpoch, baseSequence));
      if (!isRetry && this.logs[index]?.forget(producerId) === true) {
        this.#forgotten.add(`${index}:${producerId}`);
        this.count('producer was forgotten');
      }
    }
  }

  #produce(
    node: number,
    request: ProduceRequest,
    error: ErrorName,
    isAfter: boolean,
  ): ProduceResponse {
    return {
      throttleTimeMs: 0,
      nodeEndpoints: [],
      responses: request.topicData.map(({ name, topicId, partitionData }) => ({
        name,
        topicId,
        partitionResponses: partitionData.map(({ index, records }) => {
          if (records === null) throw new Error('no records');
          const result = this.#append(node, index, records, error, isAfter);
          return { ...noAnswer, index, ...result };
        }),
      })),
    };
  }

  #append(
    node: number,
    index: number,
    records: Buffer,
    error: ErrorName,
    isAfter: boolean,
  ): Pick<ProduceResponsePartitionProduceResponse, 'errorCode' | 'baseOffset'> {
    const log = this.logs[index];
    const header = readBatchHeader(records);
    if (log === undefined || header === null) throw new Error(`no partition ${index}`);
    const { producerId, producerEpoch: epoch, baseSequence, isTransactional } = header;
    const decoded = decodeRecords(TOPIC, index, records, header, new Compressions());
    const values = Array.from({ length: decoded.count }, (_, i) => String(decoded.value(i)));
    this.#checkSequences(index, { producerId, epoch }, baseSequence, values);
    const failed = (name: ErrorName) => ({ errorCode: ERROR_CODES[name], baseOffset: -1 });
    if (this.leaders[index] !== node) return failed('NOT_LEADER_OR_FOLLOWER');
    if (error !== 'NONE' && !isAfter) return failed(error);
    if (isTransactional) {
      const problem = this.transactions.verify({ producerId, epoch }, index);
      if (problem !== 'NONE') return failed(problem);
    }
    const forgotten = `${index}:${producerId}`;
    if (this.#forgotten.has(forgotten) && baseSequence !== 0) return failed('UNKNOWN_PRODUCER_ID');
    this.#forgotten.delete(forgotten);
    const result = log.append({ producerId, epoch, baseSequence, values, isTransactional });
    if (result.isNew) this.#unanswered++;
    else if (result.errorCode === 0) this.count('found in the log');
    const { errorCode, baseOffset } = result;
    return isAfter && errorCode === 0 ? failed(error) : { errorCode, baseOffset };
  }

  #checkSequences(index: number, by: Identity, base: number, values: readonly string[]): void {
    for (const [i, value] of values.entries()) {
      const key = keyOf(index, by.producerId, by.epoch, base + i);
      const before = this.#sent.get(key);
      if (before !== undefined && before !== value) {
        this.violations.push(`${key} was ${before}, then ${value}`);
      }
      this.#sent.set(key, value);
    }
  }

  #init(node: number, request: InitProducerIdRequest): InitProducerIdResponse {
    const none = { throttleTimeMs: 0, ongoingTxnProducerId: -1, ongoingTxnProducerEpoch: -1 };
    if (request.transactionalId === null) {
      return { ...none, errorCode: 0, producerId: this.#nextProducerId++, producerEpoch: 0 };
    }
    const { producerId, producerEpoch: epoch } = request;
    const name = this.#coordinated(node, () => this.transactions.init({ producerId, epoch }));
    if (name !== 'NONE') {
      return { ...none, errorCode: ERROR_CODES[name], producerId: -1, producerEpoch: -1 };
    }
    const { producerId: id, epoch: producerEpoch } = this.transactions;
    return { ...none, errorCode: 0, producerId: id, producerEpoch };
  }

  #addPartitions(node: number, request: AddPartitionsToTxnRequest): AddPartitionsToTxnResponse {
    const { v3AndBelowProducerId: producerId, v3AndBelowProducerEpoch: epoch } = request;
    const partitions = request.v3AndBelowTopics.flatMap((each) => each.partitions);
    const name = this.#coordinated(node, () =>
      this.transactions.add({ producerId, epoch }, partitions),
    );
    const partitionErrorCode = ERROR_CODES[name];
    return {
      throttleTimeMs: 0,
      errorCode: 0,
      resultsByTransaction: [],
      resultsByTopicV3AndBelow: [
        {
          name: TOPIC,
          resultsByPartition: partitions.map((partitionIndex) => ({
            partitionIndex,
            partitionErrorCode,
          })),
        },
      ],
    };
  }

  #commitOffsets(node: number, request: TxnOffsetCommitRequest): TxnOffsetCommitResponse {
    const { producerId, producerEpoch: epoch, topics } = request;
    return {
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, committedOffset }) => {
          const error = this.#coordinated(node, () =>
            this.transactions.commitOffset({ producerId, epoch }, committedOffset),
          );
          return { partitionIndex, errorCode: ERROR_CODES[error] };
        }),
      })),
    };
  }

  #end(node: number, request: EndTxnRequest, version: number): EndTxnResponse {
    const { producerId, producerEpoch: epoch, committed } = request;
    const name = this.#coordinated(node, () =>
      this.transactions.end({ producerId, epoch }, committed),
    );
    const isGiven = name === 'NONE' && version >= 5;
    return {
      throttleTimeMs: 0,
      errorCode: ERROR_CODES[name],
      producerId: isGiven ? this.transactions.producerId : -1,
      producerEpoch: isGiven ? this.transactions.epoch : -1,
    };
  }

  #describe(node: number, { topics }: DescribeProducersRequest): DescribeProducersResponse {
    return {
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map((partitionIndex) => {
          const isLeader = this.leaders[partitionIndex] === node;
          const ids = [this.transactions.producerId, ...Array(this.#nextProducerId).keys()];
          const activeProducers = ids.flatMap((producerId) => {
            const known = this.logs[partitionIndex]?.remembered(producerId) ?? null;
            if (known === null) return [];
            const { epoch: producerEpoch, lastSequence } = known;
            const rest = { lastTimestamp: 0, coordinatorEpoch: -1, currentTxnStartOffset: -1 };
            return [{ producerId, producerEpoch, lastSequence, ...rest }];
          });
          const errorCode = isLeader ? 0 : ERROR_CODES.NOT_LEADER_OR_FOLLOWER;
          return { partitionIndex, errorCode, errorMessage: null, activeProducers };
        }),
      })),
    };
  }

  #findCoordinator(key: string): FindCoordinatorResponse {
    const where = { nodeId: this.coordinator, host: '', port: 0 };
    const fine = { errorCode: 0, errorMessage: null };
    const coordinators = [{ key, ...where, ...fine }];
    return { throttleTimeMs: 0, ...fine, nodeId: 0, host: '', port: 0, coordinators };
  }

  #coordinated(node: number, ask: () => ErrorName): ErrorName {
    return node === this.coordinator ? ask() : 'NOT_COORDINATOR';
  }

  #writeMarkers(): void {
    const { transactions } = this;
    const { producerId, epoch, isCommit, partitions } = transactions;
    for (const partition of partitions) this.logs[partition]?.end(producerId, epoch, isCommit);
    transactions.complete();
  }
}

const noAnswer = {
  logAppendTimeMs: -1,
  logStartOffset: -1,
  recordErrors: [],
  errorMessage: null,
  currentLeader: { leaderId: -1, leaderEpoch: -1 },
};

function keyOf(partition: number, producerId: number, epoch: number, sequence: number): string {
  return `partition ${partition}, producer ${producerId}, epoch ${epoch}, sequence ${sequence}`;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
