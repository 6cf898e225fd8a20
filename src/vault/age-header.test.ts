import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { Decrypter, Encrypter } from "age-encryption";
import { expect, test } from "vitest";
import { newSealedHeader, openHeader, openText, sealText } from "./age-header.ts";
import { payloadKey, sealingStream } from "./age-stream.ts";
import { newKeyPair, parseIdentityFile, parseRecipientFile, identityFileText } from "./recipient-key.ts";
import { unsealer } from "./unsealer.ts";

async function* pieces(bytes: Uint8Array, sizeBytes: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += sizeBytes) yield bytes.subarray(at, at + sizeBytes);
}

const opened = async (bytes: Uint8Array, identity: string, sizeBytes = 50_000): Promise<Buffer> =>
  buffer(unsealer.open(pieces(bytes, sizeBytes), identity) as AsyncIterable<Uint8Array & Buffer>);

test.each([0, 1, 65_535, 65_536, 65_537, 300_000])(
  "%i bytes: what we seal the library opens, and the other way round",
  async (sizeBytes) => {
    const pair = await newKeyPair();
    const plain = randomBytes(sizeBytes);
    const { header, fileKey } = await newSealedHeader(pair.recipient);
    const nonce = randomBytes(16);
    const stream = sealingStream(payloadKey(fileKey, nonce));
    stream.end(plain);
    const ours = Buffer.concat([header, nonce, await buffer(stream)]);
    const decrypter = new Decrypter();
    decrypter.addIdentity(pair.identity);
    expect(Buffer.from(await decrypter.decrypt(ours)).equals(plain)).toBe(true);
    expect((await opened(ours, pair.identity, 7_001)).equals(plain)).toBe(true);
    const encrypter = new Encrypter();
    encrypter.addRecipient(pair.recipient);
    expect((await opened(await encrypter.encrypt(plain), pair.identity)).equals(plain)).toBe(true);
  },
);

test("an altered or shortened file is refused, another's identity too", async () => {
  const pair = await newKeyPair();
  const encrypter = new Encrypter();
  encrypter.addRecipient(pair.recipient);
  const file = await encrypter.encrypt(randomBytes(100_000));
  for (const at of [5, 30, 120, 190, 210, 70_000, file.length - 1])
    await expect(
      opened(
        file.map((byte, other) => (other === at ? byte ^ 1 : byte)),
        pair.identity,
      ),
    ).rejects.toThrow(/verify|altered|begin with|does not open/);
  for (const length of [0, 100, 205, 65_000, file.length - 1])
    await expect(opened(file.subarray(0, length), pair.identity)).rejects.toThrow(/begin with|ends within|altered/);
  await expect(opened(file, (await newKeyPair()).identity)).rejects.toThrow("the identity does not open this file");
  await expect(openHeader(file, "none")).rejects.toThrow("not an identity");
});

test("a small text is sealed for one reader", async () => {
  const [pair, other] = [await newKeyPair(), await newKeyPair()];
  const sealed = await sealText("AGE-SECRET", pair.recipient);
  expect(await openText(sealed, pair.identity)).toBe("AGE-SECRET");
  await expect(openText(sealed, other.identity)).rejects.toThrow("does not open");
  await expect(sealText("x", "age1none")).rejects.toThrow("not a recipient key");
});

test("identity and recipient files hold exactly one key", async () => {
  const pair = await newKeyPair();
  expect(parseIdentityFile(identityFileText("hhs-oig", "2026-11-24", pair), "id")).toEqual({ ok: true, value: pair.identity });
  expect(parseRecipientFile(`# hhs-oig\n${pair.recipient}\n`, "pub")).toEqual({ ok: true, value: pair.recipient });
  const misspelt = pair.recipient.replace(/.$/, (last) => (last === "q" ? "p" : "q"));
  for (const text of ["", `${pair.recipient}\n${pair.recipient}`, misspelt, pair.identity])
    expect(parseRecipientFile(text, "pub").ok).toBe(false);
  expect(parseIdentityFile(pair.recipient, "id").ok).toBe(false);
});
