/** What a wait with a deadline came to. */
export type DeadlineOutcome<T> =
  | { readonly isLate: false; readonly value: T }
  | { readonly isLate: true };

/**
 * Waits for `promise`, but no longer than `timeoutMs`. What it settles to afterwards is dropped:
 * whoever started it has been told that it is late. Rejects as `promise` does.
 */
export async function withinDeadline<T>(
  promise: Promise<T>,
  timeoutMs: number,
): Promise<DeadlineOutcome<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<DeadlineOutcome<T>>((resolve) => {
    timer = setTimeout(() => resolve({ isLate: true }), timeoutMs);
  });
  try {
    return await Promise.race([
      promise.then((value): DeadlineOutcome<T> => ({ isLate: false, value })),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
