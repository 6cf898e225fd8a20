/** The files of a submission, as `--files` names them; the titles are those of their headers. */
export const FILE_TITLES = {
  eligible: "ELIGIBLE",
  claimip: "CLAIM-IP",
  claimlt: "CLAIM-LT",
  claimot: "CLAIM-OT",
  claimrx: "CLAIM-RX",
  mngdcare: "MNGDCARE",
  provider: "PROVIDER",
  tpl: "TPL-FILE",
} as const;

export type FileKind = keyof typeof FILE_TITLES;
export const FILE_KINDS = Object.keys(FILE_TITLES) as readonly FileKind[];
export const isFileKind = (word: string): word is FileKind => Object.hasOwn(FILE_TITLES, word);
