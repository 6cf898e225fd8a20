import { join } from "node:path";
import { transcriptsIn } from "./transcript-folder.ts";

transcriptsIn(join(import.meta.dirname, "transcripts"));
