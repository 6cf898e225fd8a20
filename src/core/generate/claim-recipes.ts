import { compactDay } from "./calendar.ts";
import type { Claim, ClaimFile, ClaimLine } from "./claim.ts";
import { medicareNumber, waiverNumber, waiverType } from "./eligible-recipes.ts";
import { LOCATION, providerNpi, TAXONOMY } from "./provider.ts";
import type { ProviderKind } from "./provider.ts";
import type { Cells, Recipe } from "./recipe.ts";
import { recipe } from "./recipe.ts";

type HeaderCells = Cells<Claim, Claim>;
type LineCells = Cells<Claim, ClaimLine>;

/** Money and programme of a claim, told by the aid code and the CHIP code of the days served. */
const isStateOnly = ({ coverage }: Claim): boolean => coverage.aidCode.startsWith("S");
const isChip = ({ coverage }: Claim): boolean => coverage.chip === "3";
const isCapitation = (claim: Claim): boolean => claim.case.name === "capitation";
const isCrossover = ({ coverage }: Claim): boolean => coverage.benefits === "3";
/** Paid service, capitation, or encounter; of Medicaid, separate CHIP, or neither. */
function claimType(claim: Claim): string {
  const kind = claim.plan === "" ? 0 : isCapitation(claim) ? 1 : 2;
  return (isStateOnly(claim) ? "UVW" : isChip(claim) ? "ABC" : "123").charAt(kind);
}
/** Left blank where the state alone pays. */
const federalCategory = (claim: Claim): string => (isStateOnly(claim) ? "" : claim.coverage.chip === "1" ? "01" : "02");
const money =
  (share: number) =>
  (claim: Claim): string =>
    String(Math.round(claim.totalCents * share));
const paid = (claim: Claim, cents: number): string => (claim.denied ? "0" : String(cents));
const npi = (claim: Claim, number: string): string => (number === "" ? "" : providerNpi(claim.person.household.fips, number));
const billing = (claim: Claim): string => (isCapitation(claim) ? "" : claim.provider);

const VERSION = {
  "ICN-ORIG": (claim: Claim) => claim.original,
  "ICN-ADJ": (claim: Claim) => claim.adjusted,
  "SUBMITTER-ID": () => "GENERATED",
  "ADJUDICATION-DATE": (claim: Claim) => compactDay(claim.decided),
} as const;

const HEADER: HeaderCells = {
  ...VERSION,
  "CROSSOVER-INDICATOR": (claim) => (isCrossover(claim) ? "1" : "0"),
  "1115A-DEMONSTRATION-IND": ({ person }) => (person.services.demonstration ? "1" : "0"),
  "ADJUSTMENT-IND": (claim) => claim.adjustment,
  "MEDICAID-PAID-DATE": ({ decided }) => compactDay(decided),
  "TYPE-OF-CLAIM": claimType,
  "CLAIM-STATUS": ({ denied }) => (denied ? "4" : "1"),
  "CLAIM-STATUS-CATEGORY": ({ denied }) => (denied ? "F2" : "F1"),
  "CLAIM-DENIED-INDICATOR": ({ denied }) => (denied ? "0" : "1"),
  "SOURCE-LOCATION": () => "01",
  "TOT-BILLED-AMT": money(1.6),
  "TOT-ALLOWED-AMT": money(1),
  "TOT-MEDICAID-PAID-AMT": (claim) => paid(claim, claim.totalCents),
  "TOT-COPAY-AMT": () => "0",
  "TOT-TPL-AMT": () => "0",
  "OTHER-INSURANCE-IND": () => "0",
  "OTHER-TPL-COLLECTION": () => "000",
  "FIXED-PAYMENT-IND": (claim) => (isCapitation(claim) ? "1" : "0"),
  "FUNDING-CODE": (claim) => (isChip(claim) ? "B" : "A"),
  "FUNDING-SOURCE-NONFEDERAL-SHARE": (claim) => (isChip(claim) ? "06" : "01"),
  "PROGRAM-TYPE": ({ person }) => (person.services.waiver ? "07" : "00"),
  "PLAN-ID-NUMBER": ({ plan }) => plan,
  "PAYMENT-LEVEL-IND": () => "1",
  "CLAIM-LINE-COUNT": ({ lines }) => String(lines.length),
  "PATIENT-CONTROL-NUM": ({ lot }) => `PCN${lot}`,
  "ELIGIBLE-LAST-NAME": ({ patient }) => patient.last,
  "ELIGIBLE-FIRST-NAME": ({ patient }) => patient.first,
  "ELIGIBLE-MIDDLE-INIT": ({ patient }) => patient.middle,
  "DATE-OF-BIRTH": ({ patient }) => compactDay(patient.birth),
  "WAIVER-TYPE": ({ person }) => (person.services.waiver ? waiverType(person) : ""),
  "WAIVER-ID": ({ person }) => (person.services.waiver ? waiverNumber(person) : ""),
  "BILLING-PROV-NUM": billing,
  "BILLING-PROV-NPI-NUM": (claim) => npi(claim, billing(claim)),
  "BILLING-PROV-TAXONOMY": (claim) => taxonomy(claim, claim.case.provider),
  "MEDICARE-BENEFICIARY-IDENTIFIER": ({ person }) => medicareNumber(person),
  "BORDER-STATE-IND": () => "0",
  "PROV-LOCATION-ID": (claim) => (billing(claim) === "" ? "" : LOCATION),
  // Free text says what nobody expects of it; this is why it is denied.
  "STATE-NOTATION": ({ lot }) => (lot % 300 === 0 ? "GENERATED NOTE - EXAMINER WRITES OF THE PATIENT HERE" : ""),
};

const taxonomy = (claim: Claim, kind: ProviderKind): string => (billing(claim) === "" ? "" : TAXONOMY[kind]);

const LINE: LineCells = {
  ...VERSION,
  "LINE-NUM-ORIG": (_, line) => line.number,
  "LINE-NUM-ADJ": (claim, line) => (claim.adjusted === "" ? "" : line.number),
  "LINE-ADJUSTMENT-IND": (claim) => claim.adjustment,
  "CLAIM-LINE-STATUS": ({ denied }) => (denied ? "4" : "1"),
  "ALLOWED-AMT": (_, line) => String(line.amountCents),
  "MEDICAID-PAID-AMT": (claim, line) => paid(claim, line.amountCents),
  "TPL-AMT": () => "0",
  "TYPE-OF-SERVICE": (claim) => claim.case.service,
  "OTHER-TPL-COLLECTION": () => "000",
  "CMS-64-CATEGORY-FOR-FEDERAL-REIMBURSEMENT": federalCategory,
  "SELF-DIRECTION-TYPE": () => "000",
};

/** Days of service and the provider, which pharmacy lines do not have. */
const SERVED_LINE: LineCells = {
  ...LINE,
  "BEGINNING-DATE-OF-SERVICE": (_, line) => compactDay(line.from),
  "ENDING-DATE-OF-SERVICE": (_, line) => compactDay(line.to),
  "REVENUE-CODE": (_, line) => line.revenue,
  "SERVICING-PROV-NUM": billing,
  "SERVICING-PROV-NPI-NUM": (claim) => npi(claim, billing(claim)),
  "SERVICING-PROV-TAXONOMY": (claim) => taxonomy(claim, claim.case.provider),
};
const ROOM_LINE: LineCells = {
  ...SERVED_LINE,
  "REVENUE-CHARGE": (_, line) => String(Math.round(line.amountCents * 1.6)),
  "IP-LT-QUANTITY-OF-SERVICE-ACTUAL": (_, line) => String((1 + line.to - line.from) * 1000),
  "BILLING-UNIT": () => "01",
};

function diagnosisCells(most: number): HeaderCells {
  const cells: Record<string, HeaderCells[string]> = {};
  for (let at = 1; at <= most; at += 1) {
    cells[`DIAGNOSIS-CODE-${at}`] = ({ diagnoses }) => diagnoses[at - 1] ?? "";
    cells[`DIAGNOSIS-CODE-FLAG-${at}`] = ({ diagnoses }) => (at <= diagnoses.length ? "2" : "");
  }
  return cells;
}

const ADMITTED: HeaderCells = {
  "ADMITTING-DIAGNOSIS-CODE": ({ diagnoses }) => diagnoses[0] ?? "",
  "ADMITTING-DIAGNOSIS-CODE-FLAG": ({ diagnoses }) => (diagnoses.length === 0 ? "" : "2"),
  "ADMISSION-DATE": (claim) => compactDay(claim.from),
  "ADMISSION-HOUR": ({ lot }) => String(lot % 24).padStart(2, "0"),
  "MEDICAID-COV-INPATIENT-DAYS": ({ from, to }) => String(1 + to - from),
  "ADMITTING-PROV-NUM": ({ prescriber }) => prescriber,
  "ADMITTING-PROV-NPI-NUM": (claim) => npi(claim, claim.prescriber),
  "PATIENT-STATUS": () => "01",
};
const SERVED: HeaderCells = {
  "BEGINNING-DATE-OF-SERVICE": ({ from }) => compactDay(from),
  "ENDING-DATE-OF-SERVICE": ({ to }) => compactDay(to),
};
const REFERRED: HeaderCells = {
  "REFERRING-PROV-NUM": (claim) => (billing(claim) === "" ? "" : claim.prescriber),
  "REFERRING-PROV-NPI-NUM": (claim) => (billing(claim) === "" ? "" : npi(claim, claim.prescriber)),
};

const INPATIENT: HeaderCells = {
  ...HEADER,
  ...ADMITTED,
  ...diagnosisCells(2),
  "TYPE-OF-HOSPITAL": () => "01",
  "ADMISSION-TYPE": (claim) => claim.case.admission ?? "",
  "DIAGNOSIS-RELATED-GROUP": (claim) => claim.case.drg ?? "",
  "DIAGNOSIS-RELATED-GROUP-IND": (claim) => (claim.case.drg === undefined ? "" : "HG43"),
  "PROCEDURE-CODE-1": (claim) => claim.case.operation ?? "",
  "PROCEDURE-CODE-FLAG-1": (claim) => (claim.case.operation === undefined ? "" : "07"),
  "PROCEDURE-CODE-DATE-1": (claim) => (claim.case.operation === undefined ? "" : compactDay(claim.from)),
  "DISCHARGE-DATE": ({ to }) => compactDay(to),
  "DISCHARGE-HOUR": ({ lot }) => String((lot >>> 5) % 24).padStart(2, "0"),
  // In thousandths of a gram.
  "BIRTH-WEIGHT-GRAMS": (claim) => (claim.case.name === "newborn" ? String((2400 + (claim.lot % 1900)) * 1000) : ""),
  "TYPE-OF-BILL": () => "0111",
};
const LONG_TERM: HeaderCells = {
  ...HEADER,
  ...ADMITTED,
  ...SERVED,
  ...diagnosisCells(2),
  ...REFERRED,
  "NURSING-FACILITY-DAYS": ({ from, to }) => String(1 + to - from),
  "DAILY-RATE": ({ from, to, totalCents }) => String(Math.round(totalCents / (1 + to - from))),
  "TYPE-OF-BILL": () => "0211",
};
const OTHER: HeaderCells = {
  ...HEADER,
  ...SERVED,
  ...diagnosisCells(2),
  ...REFERRED,
  "PLACE-OF-SERVICE": (claim) => claim.case.place,
};
const PHARMACY: HeaderCells = {
  ...HEADER,
  "PRESCRIBING-PROV-NUM": ({ prescriber }) => prescriber,
  "PRESCRIBING-PROV-NPI-NUM": (claim) => npi(claim, claim.prescriber),
  "PRESCRIBING-PROV-TAXONOMY": () => TAXONOMY.physician,
  "DISPENSING-PRESCRIPTION-DRUG-PROV-NUM": ({ provider }) => provider,
  "DISPENSING-PRESCRIPTION-DRUG-PROV-NPI": (claim) => npi(claim, claim.provider),
  "DATE-PRESCRIBED": ({ from }) => compactDay(from),
  "PRESCRIPTION-FILL-DATE": ({ to }) => compactDay(to),
  "COMPOUND-DRUG-IND": () => "0",
};

const isRide = (claim: Claim): boolean => claim.case.name === "ride";
const home = (claim: Claim, part: "line" | "town" | "zip"): string => (isRide(claim) ? (claim.person.addresses[0]?.[part] ?? "") : "");
const OTHER_LINE: LineCells = {
  ...SERVED_LINE,
  "PROCEDURE-CODE": (_, line) => line.procedure,
  "PROCEDURE-CODE-FLAG": (_, line) => (line.procedure === "" ? "" : "06"),
  "PROCEDURE-CODE-DATE": (_, line) => (line.procedure === "" ? "" : compactDay(line.from)),
  "BILLED-AMT": (_, line) => String(Math.round(line.amountCents * 1.6)),
  "OT-RX-CLAIM-QUANTITY-ACTUAL": () => "1000",
  "TOOTH-NUM": (claim) => (claim.case.name === "dental" ? String(1 + (claim.lot % 32)).padStart(2, "0") : ""),
  // Where a person was fetched, and brought.
  "ORIGINATION-ADDR-LN1": (claim) => home(claim, "line"),
  "ORIGINATION-CITY": (claim) => home(claim, "town"),
  "ORIGINATION-STATE": (claim) => (isRide(claim) ? claim.person.household.fips : ""),
  "ORIGINATION-ZIP-CODE": (claim) => home(claim, "zip"),
  "DESTINATION-ADDR-LN1": (claim) => (isRide(claim) ? `${1 + (claim.lot % 900)} Clinic Way` : ""),
  "DESTINATION-CITY": (claim) => home(claim, "town"),
  "DESTINATION-STATE": (claim) => (isRide(claim) ? claim.person.household.fips : ""),
  "DESTINATION-ZIP-CODE": (claim) => home(claim, "zip"),
};
const PHARMACY_LINE: LineCells = {
  ...LINE,
  "NATIONAL-DRUG-CODE": (_, line) => line.drug,
  "BILLED-AMT": (_, line) => String(Math.round(line.amountCents * 1.6)),
  "OT-RX-CLAIM-QUANTITY-ACTUAL": () => "30000",
  "UNIT-OF-MEASURE": () => "UN",
  "DAYS-SUPPLY": () => "30",
  "NEW-REFILL-IND": ({ lot }) => `0${lot % 4}`,
  "BRAND-GENERIC-IND": () => "1",
  "DISPENSE-FEE": () => "1025",
  "PRESCRIPTION-NUM": ({ lot }) => `RX${lot % 1_000_000_000}`,
  "REBATE-ELIGIBLE-INDICATOR": () => "1",
};

const pair = (prefix: string, header: HeaderCells, line: LineCells): readonly Recipe<Claim>[] => [
  recipe<Claim, Claim>({ segment: `${prefix}00002`, rows: (claim) => [claim], cells: header }),
  recipe<Claim, ClaimLine>({ segment: `${prefix}00003`, rows: ({ lines }) => lines, cells: line }),
];

/** Header and lines of each file's claims. */
export const CLAIM_RECIPES: Readonly<Record<ClaimFile, readonly Recipe<Claim>[]>> = {
  claimip: pair("CIP", INPATIENT, ROOM_LINE),
  claimlt: pair("CLT", LONG_TERM, ROOM_LINE),
  claimot: pair("COT", OTHER, OTHER_LINE),
  claimrx: pair("CRX", PHARMACY, PHARMACY_LINE),
};
