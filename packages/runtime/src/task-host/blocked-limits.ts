/** How long a lane may be blocked, by whether others live in it. */
export interface BlockedLimits {
  /** In a shared lane every neighbour stands still meanwhile, heartbeats included. */
  readonly sharedMs: number;
  /** A lane of its own may run a driver that blocks; but not for longer than Kafka's
   * `max.poll.interval.ms` lets a group wait. */
  readonly ownMs: number;
}

export const BLOCKED_LIMITS: BlockedLimits = { sharedMs: 10_000, ownMs: 300_000 };
