import { LONGEST_LINE } from "./protocol.ts";

/**
 * Takes bytes as they come and gives whole lines; what stands behind the last line feed waits for more. Throws RangeError
 * for a line that is longer than anybody sends.
 */
export function lineReader(take: (line: string) => void): (chunk: Uint8Array) => void {
  let parts: Uint8Array[] = [];
  let length = 0;
  return (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      const line = Buffer.concat(parts).toString("utf8");
      parts = [];
      length = 0;
      start = end + 1;
      take(line);
    }
    if (start === chunk.length) return;
    parts.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > LONGEST_LINE) throw new RangeError(`a line of more than ${LONGEST_LINE} bytes`);
  };
}
