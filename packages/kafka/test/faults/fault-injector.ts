import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaCluster } from '@sluice/testing';
import type { FaultKind, PlannedFault } from './fault-plan.ts';
import type { FaultProxy, ProxiedFrame, ProxiedLink } from './fault-proxy.ts';

/** A fault that has not happened by then never will. */
const FIRED_WITHIN_MS = 60_000;
const SLOW_FRAMES = 12;
const SLOW_MS = 60;
const DRIPS = 12;
const DRIP_MS = 30;
/** An answer to Fetch that has records. */
const ANSWER_BYTES_MIN = 160;

/** Makes the faults of the network and of the broker happen, and counts those that did. */
export class FaultInjector {
  readonly fired = new Map<FaultKind, number>();
  readonly #proxy: FaultProxy;
  readonly #kafka: KafkaCluster;
  #restarting: Promise<void> | null = null;
  #slowed: Promise<void> = Promise.resolve();

  constructor(proxy: FaultProxy, kafka: KafkaCluster) {
    this.#proxy = proxy;
    this.#kafka = kafka;
  }

  count(kind: FaultKind): void {
    this.fired.set(kind, (this.fired.get(kind) ?? 0) + 1);
  }

  /** Does `work`, in which the fault happens, and waits until both are over. */
  async during<T>(fault: PlannedFault | undefined, work: () => Promise<T>): Promise<T> {
    if (fault === undefined || !isOfNetwork(fault.kind)) return work();
    const sprung = this.#proxy.set({
      matches: (frame) => isTarget(fault, frame),
      spring: (link, frame) => this.#inflict(fault, link, frame),
    });
    const over = sprung.then(() => this.#slowed);
    const [result] = await Promise.all([work(), this.#within(fault, over)]);
    this.count(fault.kind);
    return result;
  }

  /** `kill -9` and start. */
  async restart(): Promise<void> {
    const restart = async (): Promise<void> => {
      await this.#kafka.kill();
      await this.#kafka.start();
    };
    this.#restarting = restart();
    await this.#restarting;
  }

  /** Repairs what a run left. */
  async heal(): Promise<void> {
    this.#proxy.reset();
    this.#kafka.resume();
    await this.#restarting?.catch(() => undefined);
    await this.#kafka.start();
  }

  async #inflict(fault: PlannedFault, link: ProxiedLink, frame: ProxiedFrame): Promise<void> {
    switch (fault.kind) {
      case 'request cut':
      case 'response cut': {
        link.send(frame, Math.max(1, Math.floor(fault.share * frame.bytes.length)));
        link.cut();
        return;
      }
      case 'requests frozen':
      case 'answers frozen': {
        this.#proxy.freeze();
        await link.givenUp;
        this.#proxy.thaw();
        link.send(frame);
        return;
      }
      case 'broker frozen': {
        this.#kafka.pause();
        // A signal takes its time: the broker may still answer this one before it stops.
        link.deafen();
        link.send(frame);
        await link.givenUp;
        this.#kafka.resume();
        return;
      }
      case 'broker killed': {
        if (fault.moment === 'request') link.send(frame);
        await this.restart();
        link.cut();
        return;
      }
      case 'slow link': {
        link.send(frame);
        // Not awaited here: this link's next messages are among those that have to wait.
        this.#slowed = this.#proxy.slowDown(SLOW_FRAMES, SLOW_MS);
        return;
      }
      case 'slow reader': {
        await link.drip(frame, DRIPS, DRIP_MS);
        return;
      }
      default:
        assert.fail(`${fault.kind} is not the network's`);
    }
  }

  async #within(fault: PlannedFault, over: Promise<void>): Promise<void> {
    const inTime = new AbortController();
    const late = async (): Promise<never> => {
      await sleep(FIRED_WITHIN_MS, undefined, { signal: inTime.signal });
      throw new Error(`"${fault.kind}" waited in vain for a ${fault.moment} of ${fault.api}`);
    };
    try {
      await Promise.race([over, late()]);
    } finally {
      inTime.abort();
    }
  }
}

function isOfNetwork(kind: FaultKind): boolean {
  return kind !== 'full buffer' && kind !== 'fenced twin' && kind !== 'coordinator restarted';
}

function isTarget(fault: PlannedFault, frame: ProxiedFrame): boolean {
  if (frame.api !== fault.api || frame.moment !== fault.moment) return false;
  return fault.kind !== 'slow reader' || frame.bytes.length >= ANSWER_BYTES_MIN;
}
