import { availableParallelism } from 'node:os';
import type { Isolation } from './contract.ts';
import type { Lane } from './lane.ts';

/** Who wants to live in a lane. */
export interface Lodger {
  readonly isolation: Isolation;
  readonly connector: string;
  /** Unique per connector instance or start of a task; names a lane of its own. */
  readonly name: string;
  readonly maxHeapMb: number | null;
}

interface Room {
  readonly lane: Lane;
  /** `null`: shared by all. Else only lodgers of this key. */
  readonly key: string | null;
  readonly lodgers: Set<string>;
}

export interface LanePoolOptions {
  /** Default: one per core. */
  readonly sharedLanesMax: number | undefined;
  readonly start: (label: string, maxHeapMb: number | null) => Lane;
}

/**
 * Which thread each connector and task lives in. Shared lanes are started as they are needed, at
 * most one per core, and stay; a lane of one connector or task ends with its last lodger.
 */
export class LanePool {
  readonly #options: LanePoolOptions;
  readonly #rooms: Room[] = [];
  #sharedStarted = 0;

  constructor(options: LanePoolOptions) {
    this.#options = options;
  }

  /** The lane for a lodger, started when there is none yet. */
  enter(lodger: Lodger): Lane {
    const room = this.#roomFor(lodger);
    room.lodgers.add(lodger.name);
    return room.lane;
  }

  /** The lodger is gone; a lane of its own is ended once it is empty. */
  async leave(lane: Lane, name: string): Promise<void> {
    const room = this.#rooms.find((each) => each.lane === lane);
    if (room === undefined) return;
    room.lodgers.delete(name);
    if (room.lodgers.size > 0 || room.key === null) return;
    this.remove(lane);
    await lane.end('Nobody lives in it any more');
  }

  /** Whether nobody else lives in the lane. */
  isAlone(lane: Lane, name: string): boolean {
    const room = this.#rooms.find((each) => each.lane === lane);
    return room !== undefined && room.lodgers.size === 1 && room.lodgers.has(name);
  }

  /** Whether any lodger may be put into the lane; one that is blocked concerns all of them. */
  isShared(lane: Lane): boolean {
    return this.#rooms.some((each) => each.lane === lane && each.key === null);
  }

  /** Forgets a lane that has ended. */
  remove(lane: Lane): void {
    const at = this.#rooms.findIndex((each) => each.lane === lane);
    if (at >= 0) this.#rooms.splice(at, 1);
  }

  lanes(): readonly Lane[] {
    return this.#rooms.map((room) => room.lane);
  }

  #roomFor(lodger: Lodger): Room {
    if (lodger.isolation === 'shared') return this.#sharedRoom();
    const key =
      lodger.isolation === 'connector' ? `connector ${lodger.connector}` : `task ${lodger.name}`;
    const found = this.#rooms.find((each) => each.key === key);
    return found ?? this.#open(key, key, lodger.maxHeapMb);
  }

  #sharedRoom(): Room {
    const shared = this.#rooms.filter((each) => each.key === null);
    let quietest: Room | undefined;
    for (const room of shared) {
      if (quietest === undefined || room.lodgers.size < quietest.lodgers.size) quietest = room;
    }
    const max = this.#options.sharedLanesMax ?? availableParallelism();
    if (quietest !== undefined && (quietest.lodgers.size === 0 || shared.length >= max)) {
      return quietest;
    }
    this.#sharedStarted += 1;
    // A heap limit is for one task; neighbours must not be ended by each other's.
    return this.#open(null, `shared-${this.#sharedStarted}`, null);
  }

  #open(key: string | null, label: string, maxHeapMb: number | null): Room {
    const room = { lane: this.#options.start(label, maxHeapMb), key, lodgers: new Set<string>() };
    this.#rooms.push(room);
    return room;
  }
}
