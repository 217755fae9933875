import { movableIscsi } from './iscsi';
import { movableNfs } from './nfs';

/** All kinds that data can be moved from and to, by their `kind`. A new one is a folder, and a line here. */
export const movableKinds = {
  iscsi: movableIscsi,
  nfs: movableNfs,
};
