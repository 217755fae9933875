import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '../../lib/cluster';
import { writeArchive } from '../apps/archive';
import { appImagesOf } from '../apps/described';
import { makeLayers } from '../apps/layers';
import type { Lab } from '../lab';
import { NAS } from '../setup/specs';
import type { Needs } from './needs';

/**
 * Makes the storage that a description expects: LUNs and exports on the NAS under its addresses, and folders on nodes.
 */
export async function provideStorage(lab: Lab, needs: Needs): Promise<void> {
  for (const server of needs.servers) await takeAddress(lab, server);
  // Any user that an app runs as may write: whom a real NAS lets in is not known here.
  for (const path of needs.exports) await lab.nas.exportNfs({ path, mode: '0777' });
  for (const { iqn, lun, size, fsType } of needs.luns) {
    const made = await lab.nas.createLun({ iqn, lun, size });
    // By hand, as a beginner does: nothing was there before.
    await lab.nas.formatLun(made, fsType === 'auto' ? 'ext4' : fsType);
  }
  for (const path of needs.directories) {
    await Promise.all(lab.allNodes.map((node) => node.run('install', ['--directory', '--mode=0777', path])));
  }
}

/** Gives every node stand-ins for the images of a description, under the references that it uses. */
export async function provideImages(
  lab: Lab,
  cluster: Cluster,
  programs: { readonly busybox: string; readonly mediaApp: string },
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lunward-images-'));
  try {
    const layers = await makeLayers(join(folder, 'layers'), programs);
    await writeArchive(join(folder, 'images.tar'), appImagesOf(cluster, layers));
    const archive = readFileSync(join(folder, 'images.tar'));
    await Promise.all(lab.allNodes.map((node) => node.importImages(archive)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The lab's own NAS stands in for a NAS with another address, under that address. */
async function takeAddress(lab: Lab, server: string): Promise<void> {
  if (server === NAS.address) return;
  const isName = !/^[\d.]+$/.test(server) && !server.includes(':');
  if (isName) {
    for (const node of lab.allNodes) {
      await node.run('sed', ['-i', `$a ${NAS.address} ${server}`, '/etc/hosts']);
    }
    return;
  }
  await lab.nas.addAddress(server);
  const prefix = server.includes(':') ? ['-6'] : [];
  for (const node of lab.allNodes) await node.run('ip', [...prefix, 'route', 'replace', server, 'dev', 'storage']);
}
