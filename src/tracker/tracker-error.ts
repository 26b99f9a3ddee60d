/** What went wrong, in words for whoever asked; nothing of the store's address or token is ever in it. */
export class TrackerError extends Error {
  /** As HTTP has it. */
  readonly status: 400 | 403 | 404 | 409 | 412 | 500 | 503;
  /** The field of the input that is wrong. */
  readonly field: string | undefined;
  /** The task as it is, where another change was quicker. */
  readonly current: unknown;

  constructor(
    status: TrackerError["status"],
    message: string,
    { field, current, cause }: { readonly field?: string; readonly current?: unknown; readonly cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "TrackerError";
    this.status = status;
    this.field = field;
    this.current = current;
  }
}
