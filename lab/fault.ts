/** Something that was broken on purpose. */
export interface Fault {
  /** Repairs it; a second call is fine. */
  undo(): Promise<void>;
}

/** A fault that is repaired once, however often `undo` is called. */
export function fault(mend: () => Promise<unknown>): Fault {
  let mended: Promise<unknown> | undefined;
  return {
    async undo() {
      mended ??= mend();
      await mended;
    },
  };
}
