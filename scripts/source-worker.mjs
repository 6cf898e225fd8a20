// Starts a worker thread from TypeScript source; compiled code starts its workers directly.
import { workerData } from "node:worker_threads";
import { register } from "tsx/esm/api";

register();
await import(workerData.module);
