import { createHash } from 'node:crypto';
import type { MountedErrors } from '../../../lib/scripts/lun/mounted-errors';
import type { DataVolume } from '../../../lib/storage/registry';
import { lunKey, modelKind } from './kinds';

/** What `/.lunward/marker` says. */
export interface Marker {
  readonly state: 'building' | 'sealed';
  readonly attempt: number;
  readonly volume: string;
  readonly uuid: string;
  /** Digest of the list of what the volume held when it was sealed. */
  readonly manifest?: string;
}

/** Texts of files by path. */
export type Files = Readonly<Record<string, string>>;

/** A LUN or a folder of the NAS, or whatever a kind has. */
export interface Place {
  readonly kind: string;
  /** WWN of a LUN; server and path of a folder. */
  readonly name: string;
  /** Size of a LUN; 0 for a folder. */
  bytes: number;
  /** `ext4` or `xfs`; empty where the LUN is blank, and for a folder. */
  fileSystem: string;
  /** UUID of the file system. */
  uuid: string;
  /** Size of the file system, which a LUN may outgrow. */
  capacity: number;
  marker?: Marker;
  files: Files;
  /** Of what was hashed on both sides, and of what it held when it was sealed. */
  hashed?: Files;
  sealed?: Files;
  /** Digest of the source at the time of the last copy. */
  scan?: string;
  /** What a node finds of its file system where it is mounted, if that is not well. */
  trouble?: Partial<MountedErrors>;
  /** What a check of it needs an answer for. */
  damage?: string;
}

/** What the app writes to. */
export const DATABASE = 'library.db';

/** UUID of a file system that lunward has not made. */
export const foreignUuid = '0fa1f5d4-0000-4000-8000-000000000001';

/** Everything on a NAS, by where it is. */
export class Storage {
  private readonly places = new Map<string, Place>();
  /** What nothing may ever do to it: two writers of one volume. */
  readonly violations: string[] = [];
  /** Every row that an app was told to have written, and where. */
  readonly acknowledged: { readonly place: Place; readonly row: string }[] = [];

  /** @throws Error, and remembers it: whoever does it may go on as if nothing had been */
  violated(what: string): never {
    this.violations.push(what);
    throw new Error(what);
  }

  /** A blank LUN, or an empty folder, for a described volume. */
  add(volume: DataVolume, contents: Partial<Place> = {}): Place {
    const model = modelKind(volume.kind);
    const place: Place = {
      kind: volume.kind,
      ...model.blank(volume),
      capacity: 0,
      fileSystem: '',
      uuid: '',
      files: {},
      ...contents,
    };
    this.places.set(model.key(volume), place);
    return place;
  }

  /** The same with an app's data, which lunward has not put there. */
  addFilled(volume: DataVolume, files: Files): Place {
    const fileSystem = volume.kind === 'iscsi' ? { fileSystem: 'ext4', uuid: foreignUuid } : {};
    return this.add(volume, { files, ...fileSystem, capacity: modelKind(volume.kind).blank(volume).bytes });
  }

  of(volume: DataVolume): Place {
    return this.found(this.at(modelKind(volume.kind).key(volume)), volume.name);
  }

  at(key: string): Place | undefined {
    return this.places.get(key);
  }

  lun(lun: { readonly iqn: string; readonly lun: number }): Place | undefined {
    return this.at(lunKey(lun));
  }

  /** LUNs of a target, by number. */
  lunsOf(iqn: string): [lun: number, place: Place][] {
    return [...this.places].flatMap(([key, place]) => {
      const [, target, lun] = /^lun (.*) (\d+)$/.exec(key) ?? [];
      return target === iqn ? [[Number(lun), place] as [number, Place]] : [];
    });
  }

  private found(place: Place | undefined, name: string): Place {
    if (place) return place;
    throw new Error(`the NAS has nothing for ${name}`);
  }

  /** Takes over all that another NAS has. @returns the place here of each place there */
  take(other: Storage): (place: Place) => Place {
    const taken = new Map([...other.places].map(([key, place]) => [place, { key, place: structuredClone(place) }]));
    const here = (place: Place) => this.found(taken.get(place)?.place, place.name);
    for (const { key, place } of taken.values()) this.places.set(key, place);
    this.violations.push(...other.violations);
    this.acknowledged.push(...other.acknowledged.map(({ place, row }) => ({ place: here(place), row })));
    return here;
  }

  /** All of it as plain data. */
  get snapshot(): unknown {
    return structuredClone([...this.places]);
  }
}

/** SHA-256 of files, whatever their order. */
export function digestOf(files: Files): string {
  return createHash('sha256')
    .update(JSON.stringify(Object.entries(files).sort()))
    .digest('hex');
}
