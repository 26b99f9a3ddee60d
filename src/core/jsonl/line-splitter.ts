/** One line of a stream, or why it can't be read. Numbers count from 1. */
export interface StreamLine {
  readonly number: number;
  readonly text: string;
  readonly problem?: string;
}

const MAX_LINE_BYTES = 64 * 1024 * 1024;

const NEWLINE = 0x0a;

/**
 * Cuts a stream of bytes into lines. Characters may be split between chunks; a line over the limit is dropped while it
 * streams by, so it never fills the memory.
 */
export class LineSplitter {
  readonly #maxBytes: number;
  #number = 0;
  #pieces: Uint8Array[] = [];
  #size = 0;

  constructor(maxBytes: number = MAX_LINE_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that end in this chunk. */
  *push(chunk: Uint8Array): Generator<StreamLine> {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end));
      yield this.#line();
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  /** The last line, where the stream did not end in a newline. */
  *end(): Generator<StreamLine> {
    if (this.#size > 0) yield this.#line();
  }

  #keep(piece: Uint8Array): void {
    this.#size += piece.length;
    if (this.#size > this.#maxBytes) this.#pieces = [];
    else if (piece.length > 0) this.#pieces.push(piece);
  }

  #line(): StreamLine {
    this.#number += 1;
    const number = this.#number;
    const [pieces, size] = [this.#pieces, this.#size];
    this.#pieces = [];
    this.#size = 0;
    if (size > this.#maxBytes) return { number, text: "", problem: `it is longer than ${this.#maxBytes} bytes` };
    try {
      // The decoder drops a byte order mark.
      return { number, text: new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(pieces)) };
    } catch {
      return { number, text: "", problem: "it is not UTF-8" };
    }
  }
}
