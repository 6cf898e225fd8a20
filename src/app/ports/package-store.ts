import type { PackageManifest } from "../../core/package/manifest.ts";

/** A package being made: its files lie under a hidden name that no reader takes for a package. */
export interface PackageStage {
  readonly folder: string;
  /** Writes the manifest once all sealed files are on the medium; nothing changes after that. */
  close(manifest: PackageManifest): void;
  /** Adds the receipt and gives the folder its name, which is returned. */
  publish(receipt: Uint8Array): string;
  /** Removes every trace. */
  discard(): void;
}

/** A package to be opened, wherever it lies. */
export type FoundPackage = { readonly folder: string; readonly manifest: PackageManifest };

/** Plaintext on its way out: under a hidden name until it is whole. */
export interface OutputFolder {
  write(name: string, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  commit(): void;
  discard(): void;
}

/** Packages and what is opened out of them, on disk. */
export interface PackageStore {
  /** Begins a package. E_DUPLICATE when the release has one. */
  stage(releaseId: string): PackageStage;
  /** The unfinished packages of processes that are gone, with their manifests where they got that far. */
  abandoned(): readonly (PackageStage & { readonly releaseId: string; readonly manifest?: PackageManifest })[];
  /** Whether a release's package has its name, is being made by somebody, or is not there. */
  stateOf(releaseId: string): "published" | "staged" | "absent";
  /** Reads a package's manifest. Throws E_TAMPERED, or E_IO when there is none. */
  find(folder: string): FoundPackage;
  /** The bytes of one of its files, in order. */
  chunks(found: FoundPackage, name: string): AsyncIterable<Uint8Array>;
  /** Begins an output folder. E_IO when the name is taken. */
  output(folder: string): OutputFolder;
}
