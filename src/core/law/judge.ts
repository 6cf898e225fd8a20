/** Cedar's expression tree, as its JSON form writes it; only what the profile allows is ever looked into. */
export type CedarExpr = { readonly [operator: string]: unknown };

/** One policy in Cedar's JSON form. */
export type CedarPolicy = {
  readonly effect: "permit" | "forbid";
  readonly principal: CedarScope;
  readonly action: CedarScope;
  readonly resource: CedarScope;
  readonly conditions: readonly { readonly kind: "when" | "unless"; readonly body: CedarExpr }[];
  readonly annotations?: Readonly<Record<string, string>>;
};

export type CedarScope = { readonly op: string; readonly entity?: CedarUid; readonly entities?: readonly CedarUid[] };
export type CedarUid = { readonly type: string; readonly id: string };
export type CedarEntity = {
  readonly uid: CedarUid;
  readonly attrs: Readonly<Record<string, CedarUid>>;
  readonly parents: readonly CedarUid[];
};

/** A complaint of Cedar, with the character offset in the policy text it was given. */
export type JudgeError = { readonly policy?: string; readonly message: string; readonly help?: string; readonly offset?: number };

export type JudgeRequest = {
  readonly principal: CedarUid;
  readonly action: CedarUid;
  readonly resource: CedarUid;
  readonly context: { readonly discloser: CedarUid; readonly purpose: CedarUid; readonly evidence: readonly CedarUid[] };
};

/** Cedar, injected into the core: it parses, validates and judges conditions; it never decides a request. */
export interface Judge {
  readonly version: string;
  /** The policies of a block as texts, or Cedar's parse errors. */
  split(block: string): { readonly policies: readonly string[] } | { readonly errors: readonly JudgeError[] };
  parse(policy: string): CedarPolicy | undefined;
  /** Strict validation against a schema in Cedar's syntax. */
  validate(schema: string, policies: Readonly<Record<string, string>>): readonly JudgeError[];
  /** Names of the conditions that hold for the request; throws if any errs. */
  holding(request: JudgeRequest, conditions: Readonly<Record<string, CedarExpr>>, entities: readonly CedarEntity[]): readonly string[];
}
