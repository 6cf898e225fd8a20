import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../../src/app/sha256.ts";
import { hex, utf8 } from "../../src/core/base/bytes.ts";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import { addDays } from "../../src/core/base/civil-date.ts";
import { docketEvents } from "../../src/core/law/docket.ts";
import type { Law } from "../../src/core/law/law.ts";
import { CHANGES } from "../../src/core/verdict/diagram-box.ts";
import { compareDiagrams } from "../../src/core/verdict/diagram-compare.ts";
import { diagramText, readDiagram } from "../../src/core/verdict/diagram-text.ts";
import { lawHash } from "../../src/core/verdict/law-hash.ts";
import { anyRules, diagramOf, lawOfComparisons, valueOf } from "./diagram-laws.ts";
import { shippedLaw } from "./scenario.ts";
import { bar, instrument, permit, smallLaw } from "./small-law.ts";
import { viewOn } from "./whole-request.ts";

const SEED = 20260212;
const DAY = "2026-01-15" as CivilDate;
const small = lawOfComparisons();
const hashOf = (law: Law, on: CivilDate = DAY): string => lawHash(viewOn(law, on), sha256);
let law: Law;
beforeAll(async () => {
  law = await shippedLaw();
});

describe("the hash of the law", () => {
  const name = 'resource.field == Field::"name"';
  const address = 'resource.field == Field::"address"';

  it("is the same however the rules are written, ordered, named or spread over files", () => {
    const one = smallLaw(
      instrument("a", {}, permit({ when: `${name} || ${address}` }), bar({ id: "2", when: `!(${name}) && !(${address})` })),
    );
    const two = smallLaw(
      instrument("z", {}, bar({ when: `!(${address} || ${name})` })),
      instrument("b", {}, permit({ when: address })),
      instrument("c", {}, permit({ id: "9", when: name }), permit({ id: "10", when: `${name} && resource.applicant == Applicant::"no"` })),
    );
    expect(hashOf(one)).toBe(hashOf(two));
  });

  it("differs with one verdict, one mask, one word of the vocabulary's space", () => {
    const laws = [
      smallLaw(instrument("a", {}, permit({ when: address }))),
      smallLaw(instrument("a", {}, permit({ when: `${address} && !context.evidence.contains(Evidence::"letter")` }))),
      smallLaw(instrument("a", {}, permit({ when: address, notes: '@mask("county")' }))),
      smallLaw(instrument("a", {}, permit({ when: address, notes: '@mask("state")' }))),
    ];
    expect(new Set(laws.map((found) => hashOf(found))).size).toBe(laws.length);
  });

  it("differs with the terms on which permits open, and not with who wrote them", () => {
    const terms = ["", '@duties("no-redisclosure")', '@minPeople("20")', '@minPeople("30")'];
    const hashes = terms.map((notes) => hashOf(smallLaw(instrument("a", {}, permit({ when: address, notes })))));
    expect(new Set(hashes).size).toBe(terms.length);
    const notes = '@minPeople("20")';
    const split = smallLaw(
      instrument("q", {}, permit({ when: address, notes })),
      instrument("p", {}, permit({ when: `${address} && ${name}`, notes })),
    );
    expect(hashOf(split)).toBe(hashes[2]);
  });

  it("is equal where two laws compare equal, and only there", () => {
    const equal = { yes: 0, no: 0 };
    const property = fc.property(anyRules(small), anyRules(small), fc.boolean(), (a, b, same) => {
      const [before, after] = [a, same ? { ...a, permits: a.permits.toReversed(), bars: [...a.bars.toReversed(), ...a.bars] } : b];
      const { combinations, latent } = valueOf(compareDiagrams(diagramOf(before), diagramOf(after), { mostBoxes: 1 }));
      const isEqual = CHANGES.every((change) => combinations[change] === 0n) && latent.unbarred + latent.barred === 0n;
      expect(lawHash(before, sha256) === lawHash(after, sha256)).toBe(isEqual);
      equal[isEqual ? "yes" : "no"] += 1;
    });
    fc.assert(property, { numRuns: 150, seed: SEED });
    expect(Math.min(equal.yes, equal.no)).toBeGreaterThan(20);
  });

  it("is one between two turns of the docket", () => {
    const events = docketEvents(law);
    for (const [at, from] of events.entries()) {
      const next = events[at + 1];
      if (next === undefined || at % 5 !== 0) continue;
      expect(hashOf(law, addDays(next, -1)), from).toBe(hashOf(law, from));
    }
  });

  it("is of another kind when the diagram outgrows its budget", () => {
    const view = viewOn(law, DAY);
    const [whole, spent] = [lawHash(view, sha256), lawHash(view, sha256, 500)];
    expect(spent).not.toBe(whole);
    expect(lawHash(view, sha256, 500)).toBe(spent);
  });
});

describe("the text of a diagram", () => {
  const diagram = diagramOf(
    viewOn(smallLaw(instrument("a", {}, permit(), bar({ id: "2", when: 'resource.origin == Jurisdiction::"CA"' }))), DAY),
  );
  const bytes = utf8(diagramText(diagram));
  const hash = hex(sha256(bytes));

  it("is read back as it was", () => {
    expect(valueOf(readDiagram(bytes, hash, sha256))).toEqual(diagram);
  });

  it("is refused with any bit flipped", () => {
    const read = Array.from({ length: bytes.length * 8 }, (_, bit) => {
      const flipped = bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      return readDiagram(flipped, hash, sha256).ok;
    });
    expect(read.filter(Boolean)).toEqual([]);
  });
});
