/** What a session asks for one partition. */
export interface FetchWant {
  readonly topicId: string;
  readonly topic: string;
  readonly partition: number;
  readonly fetchOffset: number;
  readonly leaderEpoch: number;
  readonly partitionMaxBytes: number;
}

/** One request's place in the session, and what it says. */
export interface SessionFetch {
  readonly sessionId: number;
  readonly sessionEpoch: number;
  /** All partitions, or, in the middle of a session, those that are new or changed. */
  readonly toSend: readonly FetchWant[];
  /** Partitions that the session should drop. */
  readonly toForget: readonly FetchWant[];
}

const NO_SESSION = 0;
/** Asks for a new session (or says that there is none yet). */
const INITIAL_EPOCH = 0;
/** Ends the session. */
const FINAL_EPOCH = -1;
const EPOCH_MAX = 0x7fff_ffff;

/**
 * An incremental fetch session with one broker (KIP-227): the broker remembers what was asked for, requests carry only
 * what changed. A first request, and one after any doubt, is a full one. Mirrors Java's `FetchSessionHandler`.
 */
export class FetchSession {
  #sessionId = NO_SESSION;
  #epoch = INITIAL_EPOCH;
  /** What the broker has in mind, in the order it will look at it. */
  #wants = new Map<string, FetchWant>();

  get sessionId(): number {
    return this.#sessionId;
  }
  /** What the session holds after the last request. */
  get wants(): ReadonlyMap<string, FetchWant> {
    return this.#wants;
  }

  /** The next request for these partitions, by any key that is the same for the same partition. */
  next(wants: ReadonlyMap<string, FetchWant>): SessionFetch {
    const place = { sessionId: this.#sessionId, sessionEpoch: this.#epoch };
    if (this.#epoch === INITIAL_EPOCH) {
      this.#wants = new Map(wants);
      return { ...place, toSend: [...wants.values()], toForget: [] };
    }
    const toSend: FetchWant[] = [];
    const toForget: FetchWant[] = [];
    for (const [key, known] of this.#wants) {
      const want = wants.get(key);
      if (want === undefined) {
        toForget.push(known);
        this.#wants.delete(key);
      } else if (want.topicId !== known.topicId) {
        // The topic's earlier life goes, the new one comes.
        toForget.push(known);
        toSend.push(want);
        this.#wants.set(key, want);
      } else if (!isSame(want, known)) {
        toSend.push(want);
        // At the end, where the broker puts what changed too: everybody gets a turn at the front.
        this.#wants.delete(key);
        this.#wants.set(key, want);
      }
    }
    for (const [key, want] of wants) {
      if (this.#wants.has(key)) continue;
      toSend.push(want);
      this.#wants.set(key, want);
    }
    return { ...place, toSend, toForget };
  }

  /** Takes over the place that the broker's good answer gives. `sessionId` 0: the broker keeps no session. */
  answered(sessionId: number): void {
    if (this.#epoch === INITIAL_EPOCH) {
      this.#sessionId = sessionId;
      this.#epoch = sessionId === NO_SESSION ? INITIAL_EPOCH : 1;
      return;
    }
    if (sessionId !== this.#sessionId) {
      this.refused('INVALID_FETCH_SESSION_EPOCH');
      return;
    }
    // Never 0 or below again: those have meanings of their own.
    this.#epoch = this.#epoch === EPOCH_MAX ? 1 : this.#epoch + 1;
  }

  /** After an error, or no answer: the next request is full. A session that may still be there is replaced by it. */
  refused(code: string): void {
    if (code === 'FETCH_SESSION_ID_NOT_FOUND') this.#sessionId = NO_SESSION;
    this.#epoch = INITIAL_EPOCH;
  }

  /** The request that ends the session; `null` when there is none. */
  end(): SessionFetch | null {
    if (this.#sessionId === NO_SESSION) return null;
    return { sessionId: this.#sessionId, sessionEpoch: FINAL_EPOCH, toSend: [], toForget: [] };
  }
}

function isSame(a: FetchWant, b: FetchWant): boolean {
  return (
    a.fetchOffset === b.fetchOffset &&
    a.leaderEpoch === b.leaderEpoch &&
    a.partitionMaxBytes === b.partitionMaxBytes
  );
}
