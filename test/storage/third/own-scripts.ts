import { z } from 'zod';
import { type Attempt, attemptParameters } from '../../../lib/scripts/lun/format-lun';
import { marker } from '../../../lib/scripts/lun/probe-volume';
import { renderScript } from '../../../lib/scripts/script';

const probed = z.object({ marker, names: z.array(z.string()), freeBytes: z.number().int() });
const nothing = z.object({});

export type ProbedDirectory = z.infer<typeof probed>;

export const probeDirectory = (directory: string) =>
  renderScript('local/probe-directory', { target_directory: directory }, probed);

export const directoryUsers = (directory: string) =>
  renderScript('local/directory-users', { target_directory: directory }, z.object({ processes: z.array(z.string()) }));

export const markDirectory = (directory: string, attempt: Attempt) =>
  renderScript('local/mark-directory', { target_directory: directory, ...attemptParameters(attempt) }, nothing);

export const releaseDirectory = (directory: string, attempt: Attempt) =>
  renderScript('local/release-directory', { target_directory: directory, ...attemptParameters(attempt) }, nothing);
