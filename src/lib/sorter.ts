/** Where a sorter puts what does not fit into memory: numbered runs of text lines, written once, read front to back. */
export interface Spill {
  write(run: number, lines: Iterable<string>): void;
  read(run: number): Iterable<string>;
  /** Removes one run, or everything. Safe to call twice. */
  remove(run?: number): void;
}

export interface SorterOptions<T> {
  /** A total order: ties would let the order of arrival through. */
  readonly compare: (a: T, b: T) => number;
  /** One line of text, without a newline. */
  readonly encode: (item: T) => string;
  readonly decode: (line: string) => T;
  readonly spill: Spill;
  /** Bytes that may wait in memory, by the sizes given to `add`. */
  readonly budget: number;
  /** Runs merged at a time. */
  readonly fanIn?: number;
}

/**
 * Sorts more than memory holds: fills a buffer, writes it out as a sorted run, merges the runs. What fits never touches the disk.
 * `sorted()` may be iterated more than once, after the last `add`.
 */
export class Sorter<T> {
  readonly #options: SorterOptions<T>;
  #buffer: T[] = [];
  #bytes = 0;
  #runs: number[] = [];
  #nextRun = 0;
  #size = 0;

  constructor(options: SorterOptions<T>) {
    this.#options = options;
  }

  get size(): number {
    return this.#size;
  }

  get spilledRuns(): number {
    return this.#nextRun;
  }

  add(item: T, bytes: number): void {
    this.#buffer.push(item);
    this.#size += 1;
    this.#bytes += bytes;
    if (this.#bytes > this.#options.budget) this.#flush();
  }

  *sorted(): Generator<T> {
    this.#buffer.sort(this.#options.compare);
    if (this.#runs.length === 0) {
      yield* this.#buffer;
      return;
    }
    this.#flush();
    this.#narrow();
    yield* this.#merge(this.#runs);
  }

  /** Forgets everything and removes what was spilled. */
  close(): void {
    this.#buffer = [];
    this.#runs = [];
    if (this.#nextRun > 0) this.#options.spill.remove();
  }

  #flush(): void {
    if (this.#buffer.length === 0) return;
    this.#buffer.sort(this.#options.compare);
    this.#write(this.#buffer);
    this.#buffer = [];
    this.#bytes = 0;
  }

  #write(items: Iterable<T>): void {
    const run = this.#nextRun++;
    this.#options.spill.write(run, encoded(items, this.#options.encode));
    this.#runs.push(run);
  }

  /** Merges runs until so few are left that they can all be open at once. */
  #narrow(): void {
    const fanIn = this.#options.fanIn ?? 64;
    while (this.#runs.length > fanIn) {
      const some = this.#runs.splice(0, fanIn);
      this.#write(this.#merge(some));
      for (const run of some) this.#options.spill.remove(run);
    }
  }

  *#merge(runs: readonly number[]): Generator<T> {
    const heads: Head<T>[] = [];
    for (const run of runs) {
      const lines = this.#options.spill.read(run)[Symbol.iterator]();
      const head = advance({ run, lines }, this.#options.decode);
      if (head) push(heads, head, this.#options.compare);
    }
    try {
      while (heads.length > 0) {
        const head = pop(heads, this.#options.compare);
        yield head.item;
        const next = advance(head, this.#options.decode);
        if (next) push(heads, next, this.#options.compare);
      }
    } finally {
      for (const head of heads) head.lines.return?.();
    }
  }
}

interface Reader {
  readonly run: number;
  readonly lines: Iterator<string>;
}
interface Head<T> extends Reader {
  readonly item: T;
}

function* encoded<T>(items: Iterable<T>, encode: (item: T) => string): Generator<string> {
  for (const item of items) yield encode(item);
}

function advance<T>(reader: Reader, decode: (line: string) => T): Head<T> | null {
  const { done, value } = reader.lines.next();
  return done ? null : { run: reader.run, lines: reader.lines, item: decode(value) };
}

/** A binary heap, smallest first; equal items leave in the order of their runs. */
function before<T>(a: Head<T>, b: Head<T>, compare: (a: T, b: T) => number): boolean {
  const order = compare(a.item, b.item);
  return order < 0 || (order === 0 && a.run < b.run);
}

function push<T>(heap: Head<T>[], head: Head<T>, compare: (a: T, b: T) => number): void {
  let at = heap.push(head) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!before(head, heap[parent]!, compare)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = head;
}

function pop<T>(heap: Head<T>[], compare: (a: T, b: T) => number): Head<T> {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!, compare)) child += 1;
    if (!before(heap[child]!, last, compare)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
  return top;
}
