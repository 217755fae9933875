import type { Lab } from '../../lab';
import type { Lun } from '../../nas/nas';

const imageOf = ({ name }: Lun) => `/pool/@luns/${name}.img`;

/**
 * Every offset of some bytes on a LUN. After a file was replaced, its old blocks may still have the old content.
 *
 * @throws Error if they are not there
 */
export async function placesOnLun({ nas }: Lab, lun: Lun, bytes: string): Promise<readonly [number, ...number[]]> {
  const find = `grep --text --byte-offset --only-matching --fixed-strings -- "$1" "$2" | cut --delimiter=: --fields=1`;
  const said = await nas.run('bash', ['-ec', find, 'bash', bytes, imageOf(lun)], { timeoutSeconds: 300 });
  const [place, ...others] = said.trim().split('\n').filter(Boolean).map(Number);
  if (place === undefined) throw new Error(`"${bytes}" is nowhere on ${lun.name}`);
  return [place, ...others];
}

/** The offset on a LUN of some bytes that are on it once. @throws Error if they are not there exactly once */
export async function placeOnLun(lab: Lab, lun: Lun, bytes: string): Promise<number> {
  const [place, ...others] = await placesOnLun(lab, lun, bytes);
  if (others.length > 0) throw new Error(`"${bytes}" is on ${lun.name} at ${[place, ...others].join(' and ')}`);
  return place;
}

/** Overwrites a byte on the NAS's disks: no initiator notices. */
export async function flipOnLun({ nas }: Lab, lun: Lun, place: number, byte = '#'): Promise<void> {
  const write = `printf '%s' "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc,fsync status=none`;
  await nas.run('bash', ['-ec', write, 'bash', imageOf(lun), String(place), byte]);
}
