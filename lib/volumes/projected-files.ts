import type { V1KeyToPath } from '../core/kubernetes';
import { flag, integer, listOf, objectOf, type Shape, text } from '../core/schema';

/** Which entries of a ConfigMap or Secret become files, and how. */
export interface ProjectedFilesProps {
  /** Entries and their file names. Default: every entry, with its key as file name. */
  readonly items?: readonly V1KeyToPath[];
  /** Mode of the files, as a number: `0o400`. Default: `0o644`. */
  readonly defaultMode?: number;
  /** Whether the pod starts if the ConfigMap or Secret does not exist. Default: `false`. */
  readonly optional?: boolean;
}

/** Schemas of `ProjectedFilesProps`. */
export const projectedFilesShape: Shape<ProjectedFilesProps> = {
  items: listOf(
    objectOf<V1KeyToPath>({
      key: text('a key'),
      path: text('a relative path'),
      mode: integer(0, 0o777).optional(),
    }),
  ).optional(),
  defaultMode: integer(0, 0o777, 'write it in octal: 0o400').optional(),
  optional: flag.optional(),
};
