const BYTES_PER_MB = 2 ** 20;
/** Of a container's memory, what heaps may take: buffers, code and the main thread need the rest. */
const HEAP_SHARE = 0.6;
/** Less than this holds no connector; the container is too small then, and says so by its limit. */
const HEAP_MB_MIN = 64;
/** Where V8's own limit for a thread lies: a larger one changes nothing. */
const HEAP_MB_MAX = 2_048;

/** What a machine or its container has, in bytes. */
export interface MemoryLimits {
  /** Of the control group; 0 or more than there is when it sets none. */
  readonly constrained: number;
  readonly total: number;
}

/**
 * The heap limit of a shared thread where a control group limits the memory: without one each thread
 * would take the machine's size for its own, and all of them together would be ended by the kernel.
 * `null` where nothing limits it: Node's own limit is right then.
 */
export function laneHeapMb({ constrained, total }: MemoryLimits, lanes: number): number | null {
  if (constrained <= 0 || constrained >= total) return null;
  const share = Math.floor((constrained * HEAP_SHARE) / BYTES_PER_MB / Math.max(1, lanes));
  return share >= HEAP_MB_MAX ? null : Math.max(HEAP_MB_MIN, share);
}
