import type { Lab } from '../lab';
import { NAS } from '../setup/specs';

const PORTAL = `${NAS.address}:3260`;

/**
 * Makes a LUN on the NAS; an existing one keeps its size and its data.
 *
 * @param options.format a type of file system to make on it, which erases what is on it. Default: none
 * @returns what to write into a description, as text
 */
export async function makeLun(
  lab: Lab,
  lun: { readonly iqn: string; readonly number: string; readonly size: string },
  { format }: { readonly format?: string } = {},
): Promise<string> {
  const { iqn, number, size } = lun;
  if (!/^\d{1,3}$/.test(number) || Number(number) > 255) {
    throw new Error(`LUN of ${iqn}: expected a number from 0 to 255, got "${number}"`);
  }
  const made = await lab.nas.createLun({ iqn, lun: Number(number), size });
  if (format) await lab.nas.formatLun(made, format);
  return [
    `LUN ${Number(number)} of ${iqn} is at ${PORTAL}${format ? `, with an empty ${format}` : ''}. In a description:`,
    `  iscsi({ name: '${iqn.split(':').at(-1)}', targetPortal: '${PORTAL}', iqn: '${iqn}', lun: ${Number(number)}, size: '${size}' })`,
  ].join('\n');
}

/**
 * Makes a folder on the NAS and exports it by NFS; an existing one keeps its data.
 *
 * @returns what to write into a description, as text
 */
export async function makeExport(
  lab: Lab,
  path: string,
  options: { readonly readOnly?: boolean; readonly rootSquash?: boolean } = {},
): Promise<string> {
  await lab.nas.exportNfs({ path, ...options });
  return [
    `${NAS.address} exports ${path}. In a description:`,
    `  nfs({ name: '${path.split('/').filter(Boolean).at(-1)}', server: '${NAS.address}', path: '${path}', size: '1Gi' })`,
  ].join('\n');
}
