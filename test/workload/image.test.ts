import { describe, expect, it } from 'vitest';
import { image, problemsWith } from '../helpers';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('image', () => {
  it.each([
    image,
    'sonarr:4',
    'linuxserver/sonarr:4.0.15',
    'lscr.io/linuxserver/sonarr:4.0.15',
    'registry.example.com:5000/team/app:v1_2.3-rc1',
    'localhost:5000/app:1',
    'a/b/c/d_e__f-g.h:1',
    `lscr.io/linuxserver/sonarr@${digest}`,
    `lscr.io/linuxserver/sonarr:latest@${digest}`,
    'app:latest-1.2',
  ])('takes %s', (name) => expect(problemsWith({ image: name })).toEqual([]));

  it.each([
    ['no tag', 'lscr.io/linuxserver/sonarr'],
    ['latest', 'lscr.io/linuxserver/sonarr:latest'],
    ["a registry's port for a tag", 'registry.example.com:5000/app'],
    ['an empty tag', 'sonarr:'],
    ['a tag alone', ':1.2'],
    ['an address', 'https://lscr.io/linuxserver/sonarr:4'],
    ['upper case', 'linuxserver/Sonarr:4'],
    ['half a digest', 'sonarr@sha256:0123'],
    ['two digests', `sonarr@${digest}@${digest}`],
    ['a blank', 'sonarr: 4'],
    ['two slashes', 'linuxserver//sonarr:4'],
    ['a tag of 129 characters', `sonarr:${'1'.repeat(129)}`],
    ['nothing', ''],
  ])('refuses %s', (_, name) => {
    expect(problemsWith({ image: name })).toMatchObject([
      {
        path: 'apps.app.image',
        value: name,
        expected: expect.stringContaining('tag or digest'),
        remedy: expect.stringContaining('would change'),
      },
    ]);
  });
});
