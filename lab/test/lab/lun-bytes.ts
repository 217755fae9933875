import type { Lab } from '../../lab';
import type { Lun } from '../../nas/nas';

const imageOf = ({ name }: Lun) => `/pool/@luns/${name}.img`;

/** The offset on a LUN of some bytes that are on it once. @throws Error if they are not there exactly once */
export async function placeOnLun({ nas }: Lab, lun: Lun, bytes: string): Promise<number> {
  const find = `grep --text --byte-offset --only-matching --fixed-strings -- "$1" "$2" | cut --delimiter=: --fields=1`;
  const said = await nas.run('bash', ['-ec', find, 'bash', bytes, imageOf(lun)], { timeoutSeconds: 300 });
  const [place, ...others] = said.trim().split('\n').filter(Boolean);
  if (!place || others.length > 0) throw new Error(`"${bytes}" is on ${lun.name} at ${said || 'no place'}`);
  return Number(place);
}

/** Overwrites a byte on the NAS's disks: no initiator notices. */
export async function flipOnLun({ nas }: Lab, lun: Lun, place: number, byte = '#'): Promise<void> {
  const write = `printf '%s' "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc,fsync status=none`;
  await nas.run('bash', ['-ec', write, 'bash', imageOf(lun), String(place), byte]);
}
