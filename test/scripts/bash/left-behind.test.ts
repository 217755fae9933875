import { afterEach, beforeEach, expect, it } from 'vitest';
import { ListedTree } from '../listed-tree';

let tree: ListedTree;
beforeEach(() => {
  tree = new ListedTree('left-behind');
  for (const name of ['plain', 'two  words', 'ping']) tree.write(name, 'x');
});
afterEach(() => tree.remove());

const lists = (standIns: string) =>
  JSON.parse(
    tree.run(`${standIns}
      list_left_behind "$tree" "$lists"
      json_object flagged "$(names_of "$lists/flagged")" attributes "$(names_of "$lists/attributes")" counted "$counted"`),
  );

// Neither flags nor such attributes can be set on every file system that tests run on.
const LSATTR = `timeout() { cat >/dev/null; printf '%s\\n' '--------------e------- ./plain' '----i---------e------- ./two  words' \
  '-----a--------I------- ./a folder'; }`;
const GETFATTR = `getfattr() { :; }; timeout() { if [[ $* == *getfattr* ]]; then printf '%s\\n' '# file: .' 'trusted.overlay' '' \
  '# file: plain' 'security.selinux' '' '# file: ping' 'security.capability' 'trusted.x' '' \
  '# file: .lunward/marker' 'trusted.x' ''; fi; }`;

it('flags set by a person are found, and none set by the file system', () => {
  expect(lists(LSATTR).flagged).toEqual({ count: 2, names: ['two  words', 'a folder'] });
});

it('attributes are counted once per entry, without SELinux labels and Lunward’s own files', () => {
  expect(lists(GETFATTR)).toEqual({
    flagged: { count: 0, names: [] },
    attributes: { count: 1, names: ['ping'] },
    counted: true,
  });
});

it('attributes are not counted without getfattr, and a plain tree has none', () => {
  expect(lists('command() { return 1; }')).toEqual({
    flagged: { count: 0, names: [] },
    attributes: { count: 0, names: [] },
    counted: false,
  });
});

it('owners are counted, the most common first', () => {
  const owners = tree.run(`printf '1000\\n0\\n1000\\n' >"$lists/owners"; owners_of "$lists"`);
  expect(JSON.parse(owners)).toEqual([
    { uid: 1000, count: 2 },
    { uid: 0, count: 1 },
  ]);
});
