/** Why a script declined, by a code that stays the same when the wording of its reason changes. */
export const declineCodes = {
  'in-use': 'This node uses the disk: it is mounted, claimed or open.',
  'no-lun': 'The target shows this node no LUN of this number.',
  'no-marker': 'The volume has no marker, so it is not known whose data it holds.',
  'no-session': 'This node has no session with the target that the script may use, and could not open one.',
  'not-blank': 'The disk holds something.',
  'other-file-system': 'The file system has another UUID or type than expected.',
  'other-lun': 'The disk has another WWN than expected.',
  'other-marker': 'The marker of the volume was read, and says another state, attempt or volume than expected.',
  'other-size': 'The disk has another size than expected.',
  partitioned: 'The disk has a partition.',
  unreadable: 'The disk cannot be read.',
} as const satisfies Readonly<Record<string, string>>;

export type DeclineCode = keyof typeof declineCodes;

export const allDeclineCodes = Object.keys(declineCodes) as readonly DeclineCode[];
