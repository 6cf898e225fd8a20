import type { Command } from "../command.ts";
import { command as receiptVerify } from "./receipt-verify.ts";

/** The verb for what most people verify: a receipt. */
export const command: Command = {
  ...receiptVerify,
  name: "verify",
  help: receiptVerify.help.replaceAll("writ receipt verify", "writ verify"),
};
