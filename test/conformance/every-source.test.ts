import { describe, expect, it } from 'vitest';
import { OWNER_SCANS } from '../../src/owners/owner-scan.ts';
import { SOURCES } from '../../src/source/source.ts';
import { SUBJECTS as OWNER_SUBJECTS } from '../owners/subjects.ts';
import { SUBJECTS } from './capture.ts';
import { DIFFERENCES } from './differences.ts';

describe('every way to an answer', () => {
  it('to sockets is asked about the scene, and has its differences on record', () => {
    const asked = Object.values(SUBJECTS).flatMap((options) => ('source' in options ? [options.source] : []));
    expect([...new Set(asked)].sort()).toEqual([...SOURCES].sort());
    expect(Object.keys(DIFFERENCES).sort()).toEqual([...SOURCES].sort());
  });

  it('to owners is asked about the scene', () => {
    const asked = Object.values(OWNER_SUBJECTS).map(({ host }) => host.owners);
    expect([...new Set(asked)].sort()).toEqual([...OWNER_SCANS].sort());
  });
});
