import { describe, expect, it } from "vitest";
import { Room } from "./room.ts";

type Step = { readonly run: () => Promise<string>; readonly end: (failure?: Error) => void };

function step(name: string, begun: string[]): Step {
  let end: (failure?: Error) => void = () => {};
  const ended = new Promise<string>((resolve, reject) => {
    end = (failure) => (failure === undefined ? resolve(name) : reject(failure));
  });
  const run = async (): Promise<string> => {
    begun.push(name);
    return ended;
  };
  return { run, end };
}

const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a room", () => {
  it("begins two steps at once and the next when one has ended", async () => {
    const [room, begun] = [new Room(2), [] as string[]];
    const [a, b, c] = [step("a", begun), step("b", begun), step("c", begun)];
    await room.begin(a.run);
    const second = await room.begin(b.run);
    const third = room.begin(c.run);
    await turn();
    expect(begun).toEqual(["a", "b"]);
    b.end();
    await third;
    expect(begun).toEqual(["a", "b", "c"]);
    expect(await second.done).toBe("b");
    a.end();
    c.end();
    await room.emptied();
  });

  it("tells of a step that failed, even when nobody waited for it", async () => {
    const [room, begun] = [new Room(2), [] as string[]];
    const [a, b, c] = [step("a", begun), step("b", begun), step("c", begun)];
    await room.begin(a.run);
    a.end(new Error("planted"));
    await turn();
    await room.begin(b.run);
    await expect(room.begin(c.run)).rejects.toThrow("planted");
    await expect(room.emptied()).rejects.toThrow("planted");
    b.end();
    expect((await room.settled()).map(({ status }) => status)).toContain("rejected");
    expect(begun).toEqual(["a", "b"]);
  });
});
