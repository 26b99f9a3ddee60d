import { once } from "node:events";
import { Worker } from "node:worker_threads";

export interface WorkerCall {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly uid: number | undefined;
}

export interface WorkerResult {
  /** The exit code, or what was thrown. */
  readonly outcome: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs command lines in process, but in a thread that can be ended: no timer of its own thread goes off while a parser
 * turns in circles.
 */
export class GuardedCli {
  readonly #limitMs: number;
  #worker: Worker | undefined;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** The outcome is `hung` for a command that was still busy after the limit. */
  async run(call: WorkerCall): Promise<WorkerResult> {
    this.#worker ??= new Worker(new URL("cli-worker.ts", import.meta.url));
    const worker = this.#worker;
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.#limitMs);
    try {
      const answered = once(worker, "message", { signal: limit.signal });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that of windows, and this is a thread
      worker.postMessage(call);
      const [result]: WorkerResult[] = await answered;
      return result ?? { outcome: "silent", stdout: "", stderr: "" };
    } catch (error) {
      // It may sit in a call of the system that nothing ends, so nobody waits for its end.
      void worker.terminate();
      this.#worker = undefined;
      return { outcome: limit.signal.aborted ? "hung" : `thrown: ${String(error)}`, stdout: "", stderr: "" };
    } finally {
      clearTimeout(timer);
    }
  }

  end(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
  }
}
