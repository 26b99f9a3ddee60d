import { styleText } from "node:util";

/** One of the process's output streams. */
export interface OutputStream {
  write(text: string): void;
  /** Resolves when there is room for more: writers of long output wait for it. */
  drained(): Promise<void>;
  readonly isTerminal: boolean;
  /** Width in columns; 80 where there is no terminal. */
  readonly columns: number;
}

/** The terminal as the command line sees it; tests give their own. */
export interface Terminal {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly stdinIsTerminal: boolean;
  /** The bytes of standard input. */
  stdinStream(): AsyncIterable<Uint8Array>;
}

export type Format = Parameters<typeof styleText>[0];
export type Style = (format: Format, text: string) => string;

/**
 * Colours where `stream` is a terminal and the environment does not forbid them (no-color.org); FORCE_COLOR goes before
 * both, as in Node (`FORCE_COLOR=0` forbids).
 */
export function styleFor(stream: OutputStream, env: Readonly<Record<string, string | undefined>>): Style {
  const forced = env["FORCE_COLOR"];
  const wanted = () =>
    forced === undefined
      ? !env["NO_COLOR"] && env["TERM"] !== "dumb" && stream.isTerminal
      : forced !== "0" && forced !== "false";
  return (format, text) => (wanted() ? styleText(format, text, { validateStream: false }) : text);
}
