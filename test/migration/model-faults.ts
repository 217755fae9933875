/** What is wrong in a world. */
export interface Faults {
  readonly isUnwell?: boolean;
  readonly finalDeclines?: boolean;
  readonly sourceChanges?: boolean;
  /** The NAS gives out something else in place of the new volume: no script reads its marker. */
  readonly targetIsGone?: boolean;
  readonly isBusy?: boolean;
  /** The node stays logged in to the new volume that the app was started on: for nothing, or since something holds it. */
  staysLoggedIn?: 'idle' | 'held';
  /** So many questions to the API server, or to nodes, get no answer while the app is asked for on its new volume. */
  apiIsOff?: number;
  sshIsOff?: number;
  /** One effect, as in `killAt`, fails since its request is lost, or its answer. */
  lostAt?: number;
  /** The pod that is there when the app is stopped does not end. */
  podHangs?: boolean;
  /** Claims that were deleted: each is gone with the last pod that uses it. */
  readonly deletedClaims?: readonly string[];
  /** Those of them that something else than the app uses, so that they stay. */
  readonly heldClaims?: readonly string[];
  /** Of a volume whose claim is gone. @default Released */
  readonly released?: string;
  /** Of claims, where they are not Bound. */
  readonly phases?: Readonly<Record<string, string>>;
  /** What node-b has mounted for the app, where that is not its volume. */
  readonly mounted?: string;
}
