/** Something that was broken on purpose. */
export interface Fault {
  /** Makes it whole again; twice is fine. */
  undo(): Promise<void>;
}

/** A fault that is mended once, however often it is asked for. */
export function fault(mend: () => Promise<unknown>): Fault {
  let mended: Promise<unknown> | undefined;
  return {
    async undo() {
      mended ??= mend();
      await mended;
    },
  };
}
