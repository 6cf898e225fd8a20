import type { ProviderKind } from "./provider.ts";

/** What a claim may be for. Codes are those of the code systems, without points; their shares and prices are invented. */
export type ClaimCase = {
  readonly name: string;
  readonly provider: ProviderKind;
  /** TYPE-OF-SERVICE and PLACE-OF-SERVICE. */
  readonly service: string;
  readonly place: string;
  /** One list of these is on the claim. */
  readonly diagnoses: readonly (readonly string[])[];
  readonly lines: readonly LineCase[];
  /** Inpatient claims only. */
  readonly drg?: string;
  readonly admission?: string;
  readonly operation?: string;
  /** Days in an institution. */
  readonly stayDays?: number;
};

export type LineCase = { readonly procedure?: string; readonly revenue?: string; readonly drug?: string; readonly cents: number };

const office = { provider: "physician", service: "012", place: "11" } as const;
const hospital = { provider: "hospital", service: "001", place: "21" } as const;

type OtherCase =
  | "visit"
  | "sensitive"
  | "child"
  | "emergency"
  | "delivery"
  | "newborn"
  | "prenatal"
  | "planning"
  | "dental"
  | "ride"
  | "home"
  | "capitation";

export const OTHER_CASES: Readonly<Record<OtherCase, ClaimCase>> = {
  visit: {
    ...office,
    name: "visit",
    diagnoses: [["I10"], ["E119"], ["M5450"], ["K219"], ["R509"], ["Z0000"], ["N390"], ["J449", "F17210"]],
    lines: [
      { procedure: "99213", cents: 7600 },
      { procedure: "85025", cents: 1100 },
    ],
  },
  sensitive: {
    ...office,
    name: "sensitive",
    diagnoses: [["B20"], ["F329"], ["F411"], ["A749"], ["T7491XA"]],
    lines: [{ procedure: "99214", cents: 10_900 }],
  },
  child: {
    ...office,
    name: "child",
    diagnoses: [["Z00129"], ["J069"], ["H6690"], ["J45909"]],
    lines: [
      { procedure: "99392", cents: 9400 },
      { procedure: "90460", cents: 1800 },
    ],
  },
  emergency: {
    ...hospital,
    name: "emergency",
    service: "002",
    place: "23",
    diagnoses: [["R079"], ["S0990XA"], ["R109"], ["K3580"], ["N200"]],
    lines: [{ procedure: "99284", revenue: "0450", cents: 46_000 }],
  },
  delivery: { ...office, name: "delivery", place: "21", diagnoses: [["O80", "Z370"]], lines: [{ procedure: "59409", cents: 98_000 }] },
  newborn: { ...office, name: "newborn", place: "21", diagnoses: [["Z3800"]], lines: [{ procedure: "99460", cents: 9100 }] },
  prenatal: { ...office, name: "prenatal", diagnoses: [["Z3490"], ["O0990"]], lines: [{ procedure: "59425", cents: 31_000 }] },
  planning: { ...office, name: "planning", diagnoses: [["Z3009"], ["Z30011"]], lines: [{ procedure: "99202", cents: 6900 }] },
  dental: {
    name: "dental",
    provider: "dentist",
    service: "029",
    place: "11",
    diagnoses: [["Z0120"], ["K0290"]],
    lines: [
      { procedure: "D0120", cents: 2400 },
      { procedure: "D1110", cents: 4900 },
    ],
  },
  ride: {
    name: "ride",
    provider: "transport",
    service: "056",
    place: "41",
    diagnoses: [["N186"], ["Z992"], ["C50919"]],
    lines: [{ procedure: "A0100", cents: 2800 }],
  },
  home: {
    name: "home",
    provider: "home-care",
    service: "016",
    place: "12",
    diagnoses: [["I69351"]],
    lines: [{ procedure: "S5125", cents: 2200 }],
  },
  capitation: { name: "capitation", provider: "physician", service: "119", place: "", diagnoses: [[]], lines: [{ cents: 41_000 }] },
};

export const INPATIENT_CASES: Readonly<Record<"delivery" | "newborn" | "emergency" | "illness", ClaimCase>> = {
  delivery: {
    ...hospital,
    name: "delivery",
    diagnoses: [["O80", "Z370"]],
    lines: [
      { revenue: "0120", cents: 240_000 },
      { revenue: "0722", cents: 310_000 },
    ],
    drg: "807",
    admission: "1",
    operation: "10E0XZZ",
    stayDays: 2,
  },
  newborn: {
    ...hospital,
    name: "newborn",
    diagnoses: [["Z3800"]],
    lines: [{ revenue: "0170", cents: 120_000 }],
    drg: "795",
    admission: "4",
    stayDays: 2,
  },
  emergency: {
    ...hospital,
    name: "emergency",
    diagnoses: [["K3580"], ["S72001A"], ["I219"]],
    lines: [
      { revenue: "0450", cents: 90_000 },
      { revenue: "0120", cents: 410_000 },
      { revenue: "0250", cents: 60_000 },
    ],
    drg: "343",
    admission: "1",
    stayDays: 3,
  },
  illness: {
    ...hospital,
    name: "illness",
    diagnoses: [["A419", "J189"], ["I5023"], ["E1110"], ["F322"]],
    lines: [
      { revenue: "0120", cents: 520_000 },
      { revenue: "0300", cents: 70_000 },
      { revenue: "0250", cents: 80_000 },
    ],
    drg: "871",
    admission: "3",
    stayDays: 5,
  },
};

export const LONG_TERM_CASE: ClaimCase = {
  name: "nursing facility",
  provider: "nursing-facility",
  service: "009",
  place: "31",
  diagnoses: [["G309"], ["I69351"], ["F0390"], ["G20A1"]],
  lines: [
    { revenue: "0190", cents: 610_000 },
    { revenue: "0250", cents: 21_000 },
  ],
  stayDays: 27,
};

/** Drug codes of a labeller that does not exist. */
export const PHARMACY_CASE: ClaimCase = {
  name: "drug",
  provider: "pharmacy",
  service: "033",
  place: "01",
  diagnoses: [[]],
  lines: ["00000100101", "00000100230", "00000204701", "00000305510", "00000401099", "00000777720"].map((drug, at) => ({
    drug,
    cents: 900 * (at + 1),
  })),
};

/** Treatment of a substance use disorder, by codes of catalog/part2. */
export function substanceCases(diagnoses: readonly string[], procedures: readonly string[]): { other: ClaimCase; inpatient: ClaimCase } {
  const alone = diagnoses.map((code) => [code]);
  const name = "substance";
  return {
    other: {
      name,
      provider: "treatment-programme",
      service: "012",
      place: "11",
      diagnoses: alone,
      lines: procedures.map((procedure) => ({ procedure, cents: 5600 })),
    },
    inpatient: {
      ...hospital,
      name,
      diagnoses: alone,
      lines: [{ revenue: "0126", cents: 380_000 }],
      drg: "897",
      admission: "1",
      stayDays: 4,
    },
  };
}
