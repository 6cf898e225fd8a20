import { resolve } from "node:path";
import { utf8, uuidText } from "../core/base/bytes.ts";
import type { Checked } from "../core/base/checked.ts";
import { all, fail, pass } from "../core/base/checked.ts";
import { problem } from "../core/base/problem.ts";
import type { Vocabulary } from "../core/law/vocabulary.ts";
import type { NamedFile } from "../core/plan/attached-evidence.ts";
import type { ReleaseRequest } from "../core/plan/release-request.ts";
import type { NamedPerson } from "../core/sidecar/people.ts";
import { parsePeople } from "../core/sidecar/people.ts";
import type { PeopleList } from "./classes.ts";
import type { PersonKeys } from "./ports/person-keys.ts";
import type { PlanFiles } from "./ports/plan-files.ts";
import { sha256Hex } from "./sha256.ts";

export type NamingPorts = {
  readonly files: Pick<PlanFiles, "read">;
  readonly vocabulary: Vocabulary;
  /** Opened only where a document names people. */
  readonly personKeys: () => Promise<PersonKeys>;
};

/** The lists of people that a request's documents name, each once, for the submissions of one state. */
export type NamedPeople = (state: string) => readonly PeopleList[];

/** Reads the lists. INVARIANT: ids become keys here and go no further; a list that differs from its digest is refused. */
export async function namedPeople(request: ReleaseRequest, root: string, ports: NamingPorts): Promise<Checked<NamedPeople>> {
  const files = new Map(request.evidence.flatMap(({ people }) => (people === undefined ? [] : [[people.sha256, people] as const])));
  if (files.size === 0) return pass(() => []);
  const read = all(await Promise.all([...files.values()].map((named) => readList(named, root, ports))));
  if (!read.ok) return read;
  const keys = await ports.personKeys();
  const keyOf = ({ state, msisId }: NamedPerson): string => {
    const id = utf8(msisId);
    return uuidText(keys.keyOf(state, id, 0, id.length));
  };
  return pass((state) =>
    read.value.map(({ sha256, people }) => ({ sha256, keys: people.filter((one) => one.state === state).map(keyOf) })),
  );
}

type ReadList = { readonly sha256: string; readonly people: readonly NamedPerson[] };

async function readList({ file, sha256 }: NamedFile, root: string, { files, vocabulary }: NamingPorts): Promise<Checked<ReadList>> {
  const text = await files.read(resolve(root, file));
  const at = { file };
  if (text === undefined)
    return fail(problem("E_EVIDENCE", "the list of people cannot be read", { at, hint: "paths are from the workspace" }));
  if (sha256Hex(utf8(text)) !== sha256)
    return fail(
      problem("E_EVIDENCE", "the list of people is not the one with that sha256", { at, hint: "attach the list that was verified" }),
    );
  const states = vocabulary.jurisdictions.map(({ id }) => id).filter((id) => id !== "none");
  const people = parsePeople(file, text, states);
  return people.ok ? pass({ sha256, people: people.value }) : people;
}
