/** Runs steps side by side, in the order they come, at most so many at once. */
export class Room {
  readonly #steps: number;
  readonly #running = new Set<Promise<unknown>>();

  constructor(steps: number) {
    this.#steps = steps;
  }

  /** Begins a step once there is room, and answers it running. Rejects with the failure of an earlier step. */
  async begin<T>(step: () => Promise<T>): Promise<{ readonly done: Promise<T> }> {
    while (this.#running.size >= this.#steps) await Promise.race(this.#running);
    const done = step();
    this.#running.add(done);
    void this.#forget(done);
    return { done };
  }

  /** INVARIANT: what failed stays, so that whoever waits next hears of it. */
  async #forget(step: Promise<unknown>): Promise<void> {
    const [settled] = await Promise.allSettled([step]);
    if (settled.status === "fulfilled") this.#running.delete(step);
  }

  /** Settles when all steps have; rejects with the first failure. */
  async emptied(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** The steps that run or failed, once they have settled. */
  async settled(): Promise<readonly PromiseSettledResult<unknown>[]> {
    return Promise.allSettled(this.#running);
  }
}
