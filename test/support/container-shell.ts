import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export interface ShellResult {
  readonly code: number;
  /** Both streams, in order. */
  readonly output: string;
}

/** One shell to which lines are typed, as a person who follows a document does: folder, functions and variables stay. */
export class Shell {
  readonly #child: ChildProcess;
  #received = "";
  #wake: () => void = () => {};
  #typed = 0;

  constructor(options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> }) {
    this.#child = spawn("sh", [], { ...options, stdio: ["pipe", "pipe", "inherit"] });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#received += text;
      this.#wake();
    });
    this.#child.on("close", () => this.#wake());
  }

  /** Types the lines and waits until they have run. Throws Error when the shell itself ends. */
  async run(lines: string): Promise<ShellResult> {
    this.#typed += 1;
    const mark = `@@${this.#typed} `;
    this.#received = "";
    this.#child.stdin?.write(`{ ${lines}\n} </dev/null 2>&1; printf '\\n${mark}%s\\n' $?\n`);
    for (;;) {
      const end = this.#received.indexOf(`\n${mark}`);
      const code = /^\d+(?=\n)/.exec(this.#received.slice(end + 1 + mark.length))?.[0];
      if (end >= 0 && code !== undefined) return { code: Number(code), output: this.#received.slice(0, end).trimEnd() };
      if (this.#child.exitCode !== null) throw new Error(`the shell ended in: ${lines}\n${this.#received}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const closed = once(this.#child, "close");
    this.#child.stdin?.end();
    await closed;
  }
}
