import { describe, expect, it } from 'vitest';
import { inlineKindOf } from '../../lib/volumes';
import { inlineSamples } from './samples';
import { accepts, refuses } from './tables';

const { inlineNfs, emptyDir, configMap, secret, hostPath } = inlineSamples;

describe('inlineNfs', () => {
  accepts(inlineNfs, [{ readOnly: true }, { server: 'nas' }]);
  refuses(inlineNfs, [
    [{ server: 'nas:2049' }, 'server'],
    [{ path: 'media' }, 'path'],
    [{ mountOptions: ['nfsvers=4'] }, 'mountOptions', /no such property/],
  ]);
  it('makes its source', () => {
    const source = { server: '192.0.2.200', path: '/volume1/media', readOnly: true };
    expect(inlineKindOf(inlineNfs).source({ ...inlineNfs, readOnly: true })).toEqual({ nfs: source });
  });
});

describe('emptyDir', () => {
  accepts(emptyDir, [{ medium: 'Memory' }, { sizeLimit: '1Gi' }]);
  refuses(emptyDir, [
    [{ medium: 'Disk' }, 'medium', /"Memory"/],
    [{ sizeLimit: '0' }, 'sizeLimit'],
  ]);
  it('makes its source', () => {
    const more = { medium: 'Memory', sizeLimit: '1Gi' } as const;
    expect(inlineKindOf(emptyDir).source({ ...emptyDir, ...more })).toEqual({ emptyDir: more });
    expect(inlineKindOf(emptyDir).source(emptyDir)).toEqual({ emptyDir: {} });
  });
});

const files = { items: [{ key: 'a', path: 'b', mode: 0o400 }], defaultMode: 0o440, optional: true };
const wrongFiles = [
  [{ defaultMode: 0o1000 }, 'defaultMode', /0 to 511/],
  [{ items: [{ key: 'a' }] }, 'items[0].path'],
] as const;

describe('configMap', () => {
  accepts(configMap, [files]);
  refuses(configMap, [[{ name: 'A' }, 'name'], ...wrongFiles]);
  it('makes its source', () => {
    expect(inlineKindOf(configMap).source({ ...configMap, ...files })).toEqual({
      configMap: { name: 'settings', ...files },
    });
  });
});

describe('secret', () => {
  accepts(secret, [files]);
  refuses(secret, [[{ secretName: 'A' }, 'secretName'], [{ name: 'a' }, 'name', /no such property/], ...wrongFiles]);
  it('makes its source', () => {
    expect(inlineKindOf(secret).source({ ...secret, ...files })).toEqual({
      secret: { secretName: 'certificates', ...files },
    });
  });
});

describe('hostPath', () => {
  accepts(hostPath, [{ type: 'CharDevice' }, { path: '/dev/video10' }, { path: '/dev/disk/by-path/pci-0000:00:1f.2' }]);
  refuses(hostPath, [
    [{ path: 'dev' }, 'path'],
    [{ path: '/dev/../etc' }, 'path'],
    [{ type: 'Device' }, 'type', /"DirectoryOrCreate" or/],
  ]);
  it('makes its source', () => {
    expect(inlineKindOf(hostPath).source({ ...hostPath, type: 'Directory' })).toEqual({
      hostPath: { path: '/var/lib/data', type: 'Directory' },
    });
  });
});
