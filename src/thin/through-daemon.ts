import { lstatSync, readlinkSync, realpathSync } from "node:fs";
import type { Socket } from "node:net";
import { dirname, isAbsolute, join, normalize } from "node:path";
import { errnoOf } from "../host/errno.ts";
import { lineReader } from "../rpc/line-reader.ts";
import type { LostDaemon } from "../rpc/lost-daemon.ts";
import type { ClientFrame, Greeting, Line, LineFrame, TerminalFacts, Writing } from "../rpc/protocol.ts";
import { PROTOCOL } from "../rpc/protocol.ts";
import { loginVariables, sharedVariables, unsharable } from "../rpc/shared-variables.ts";
import { connectTo } from "../rpc/socket-path.ts";

/** What the client needs of its process. */
export interface ClientProcess {
  /** The folder of this installation, without links. */
  readonly program: string;
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly umask: number;
  readonly terminal: TerminalFacts;
  /** Writes all of it, or throws an error of the file system. */
  write(stream: "out" | "err", text: string): void;
  /** The next piece of standard input, null at its end. */
  readStdin(): Promise<Uint8Array | null>;
  /** Calls back at each Ctrl-C from now on. */
  onInterrupt(hear: () => void): void;
}

/** How the way through a daemon ended. */
export type Outcome =
  /** Its output, or the end of it, may be lost: then with the error of the system. */
  | { readonly kind: "exit"; readonly code: number; readonly lostOutput?: unknown }
  /** Nothing was done: the line is to be run here. */
  | { readonly kind: "direct"; readonly why: string }
  | { readonly kind: "lost"; readonly lost: LostDaemon };

/** How long a daemon may take to say that it is there. */
const GREETING_MS = 200;

/** How long a command that was interrupted twice may take to say what is true. */
const LAST_WORDS_MS = 1000;
const SIGNAL_EXIT_CODE = 130;

/** How long the code of a line whose output nobody takes may take to come: that of one that failed counts. */
const LAST_CODE_MS = 100;

/** Has the daemon of a `.beads` folder run the line of this process. Never throws. */
export function throughDaemon(beadsDir: string, client: ClientProcess): Promise<Outcome> {
  const hindrance = unsharable(client.env) ?? client.argv.find((word) => namesOwnFile(word, client.cwd));
  if (hindrance !== undefined)
    return Promise.resolve({ kind: "direct", why: `${hindrance} is for this process alone` });
  return new Promise((resolve) => new Exchange(beadsDir, client, resolve));
}

/**
 * Tells whether a word stands for a file of the process itself, such as `/dev/stdin` or what the shell makes of
 * `<(command)`: alone, behind `--flag=`, glued to `-f`, relative, or behind a link.
 */
function namesOwnFile(word: string, cwd: string): boolean {
  const names = [word, word.slice(word.indexOf("=") + 1), word.slice(2)];
  return names.some((name) => leadsToProcess(isAbsolute(name) ? normalize(name) : join(cwd, name)));
}

/** As many links as Linux follows. */
const MOST_LINKS = 40;

/** Link by link: what a file of the process really is, such as `pipe:[123]`, has no path. */
function leadsToProcess(path: string, linksLeft = MOST_LINKS): boolean {
  if (/^\/(?:dev|proc)\//.test(path)) return true;
  const target = linksLeft === 0 ? undefined : linkTarget(path);
  if (target === undefined) return false;
  return leadsToProcess(isAbsolute(target) ? normalize(target) : join(dirname(path), target), linksLeft - 1);
}

function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(path) : undefined;
  } catch {
    return undefined; // what is no path, such as a text that is too long for one
  }
}

class Exchange {
  readonly #beadsDir: string;
  readonly #client: ClientProcess;
  readonly #resolve: (outcome: Outcome) => void;
  readonly #socket: Socket;
  readonly #patience: NodeJS.Timeout;
  readonly #writings: Writing[] = [];
  #isSent = false;
  #isBegun = false;
  #interrupts = 0;
  #lostOutput: unknown;

  constructor(beadsDir: string, client: ClientProcess, resolve: (outcome: Outcome) => void) {
    this.#beadsDir = beadsDir;
    this.#client = client;
    this.#resolve = resolve;
    this.#patience = setTimeout(
      () => this.#end({ kind: "direct", why: "the daemon did not answer in time" }),
      GREETING_MS,
    );
    this.#socket = connectTo(beadsDir);
    const read = lineReader((line) => this.#hear(JSON.parse(line)));
    this.#socket.on("data", (chunk) => this.#orLost(() => read(chunk)));
    this.#socket.on("error", () => this.#lost());
    this.#socket.on("close", () => this.#lost());
  }

  #end(outcome: Outcome): void {
    clearTimeout(this.#patience);
    this.#socket.destroy();
    this.#resolve(outcome);
  }

  #lost(): void {
    if (!this.#isSent) this.#end({ kind: "direct", why: "the daemon is gone" });
    else if (this.#interrupts > 0) this.#end({ kind: "exit", code: SIGNAL_EXIT_CODE });
    else this.#end({ kind: "lost", lost: { writings: this.#writings, isBegun: this.#isBegun } });
  }

  /** What is no frame is nobody's daemon. */
  #orLost(work: () => void): void {
    try {
      work();
    } catch {
      this.#lost();
    }
  }

  #hear(frame: Greeting | LineFrame): void {
    if ("protocol" in frame) return this.#greeted(frame);
    if ("out" in frame) return this.#show("out", frame.out);
    if ("err" in frame) return this.#show("err", frame.err);
    if ("stdin" in frame) return void this.#giveStdin();
    if ("writing" in frame) return void this.#writings.push(frame.writing);
    if ("direct" in frame) return this.#end({ kind: "direct", why: frame.direct });
    // A word that this program does not know is no success.
    if (!("exit" in frame) || typeof frame.exit !== "number") return this.#lost();
    this.#exit(frame.exit);
  }

  #greeted({ salt, ...greeting }: Greeting): void {
    clearTimeout(this.#patience);
    const why = this.#mismatch(greeting);
    if (why !== undefined) return this.#end({ kind: "direct", why });
    this.#isSent = true;
    this.#client.onInterrupt(() => this.#interrupt());
    void this.#line(salt).then((line) => this.#send({ line }));
  }

  #mismatch({ protocol, program, workspace, umask }: Omit<Greeting, "salt">): string | undefined {
    if (protocol !== PROTOCOL) return `the daemon speaks protocol ${protocol}, and this is ${PROTOCOL}`;
    if (program !== this.#client.program) return `the daemon runs another bd (${program}); bd daemon start replaces it`;
    if (realpathSync(this.#beadsDir) !== workspace) return `the daemon knows this workspace as ${workspace}`;
    if (umask !== this.#client.umask) return "the daemon would make files with other permissions (umask)";
    return undefined;
  }

  async #line(salt: string): Promise<Line> {
    const { argv, cwd, env, terminal } = this.#client;
    const line = { argv, cwd, env: sharedVariables(env), terminal };
    const login = loginVariables(env);
    // Few have a password in their environment, and hashing is slow to load.
    if (Object.keys(login).length === 0) return line;
    const { passwordProof } = await import("../rpc/password-proof.ts");
    return { ...line, password: passwordProof(salt, login) };
  }

  #send(frame: Omit<ClientFrame, "id"> & object): void {
    this.#socket.write(`${JSON.stringify({ id: 1, ...frame })}\n`);
  }

  #show(stream: "out" | "err", text: string): void {
    if (this.#lostOutput !== undefined) return;
    if (stream === "out") this.#isBegun = true;
    try {
      this.#client.write(stream, text);
    } catch (error) {
      // Nobody hears the notes: the command goes on, it may be about to write.
      if (stream === "err") return;
      this.#lostOutput = error;
      setTimeout(() => this.#exit(0), LAST_CODE_MS);
    }
  }

  /** As the process itself: a reader that has enough is no failure. */
  #exit(code: number): void {
    const lostOutput = errnoOf(this.#lostOutput) === "EPIPE" ? undefined : this.#lostOutput;
    this.#end({ kind: "exit", code, lostOutput });
  }

  async #giveStdin(): Promise<void> {
    this.#isBegun = true;
    const piece = await this.#client.readStdin();
    this.#send({ stdin: piece === null ? null : Buffer.from(piece).toString("base64") });
  }

  #interrupt(): void {
    this.#interrupts += 1;
    if (this.#interrupts > 2) return this.#end({ kind: "exit", code: SIGNAL_EXIT_CODE });
    this.#send({ cancel: true });
    if (this.#interrupts < 2) return;
    setTimeout(() => this.#end({ kind: "exit", code: SIGNAL_EXIT_CODE }), LAST_WORDS_MS).unref();
  }
}
