import { BadArchive } from './tar-header.ts';

/** Cuts a stream of chunks into the pieces that a reader asks for, without copying the large ones. */
export class Bytes {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);
  #left: number;

  /** `most` bytes are handed out at the most; asking for more throws a BadArchive. */
  constructor(source: AsyncIterable<Uint8Array>, most: number) {
    this.#source = source[Symbol.asyncIterator]();
    this.#left = most;
  }

  /** Exactly so many bytes in one piece; undefined when the stream ended right here. */
  async piece(length: number): Promise<Uint8Array | undefined> {
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > 0) {
      const part = await this.#next(missing);
      if (part === undefined && parts.length === 0) return undefined;
      if (part === undefined) throw truncated();
      parts.push(part);
      missing -= part.length;
    }
    const [only] = parts;
    return parts.length === 1 && only ? only : Buffer.concat(parts);
  }

  /** Exactly so many bytes, as they come. */
  async *run(length: number): AsyncGenerator<Uint8Array, void, void> {
    for (let missing = length; missing > 0;) {
      const part = await this.#next(missing);
      if (part === undefined) throw truncated();
      missing -= part.length;
      yield part;
    }
  }

  async skip(length: number): Promise<void> {
    for await (const part of this.run(length)) void part;
  }

  /** Between one and `most` bytes, undefined at the end. */
  async #next(most: number): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#source.next();
      if (next.done) return undefined;
      this.#rest = next.value;
    }
    const part = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(part.length);
    this.#left -= part.length;
    if (this.#left < 0) throw new BadArchive('it unpacks to far more than a release of Teleport');
    return part;
  }
}

function truncated(): BadArchive {
  return new BadArchive('it ends too early');
}
