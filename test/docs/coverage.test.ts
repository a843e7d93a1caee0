import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {frameworks} from '../../controls/frameworks.ts';
import {coveragePage, fixKindsOf} from '../../scripts/coverage.ts';
import {homeInventory} from '../helpers/home.ts';
import {brokenInventories, lessonFiles, lessonOf} from '../helpers/lessons.ts';
import {weakInventory} from '../helpers/weak.ts';

it('docs/coverage.md is what the controls say today; if not, run: npx node scripts/docs.ts', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/coverage.md'), 'utf8');
  expect(page).toBe(coveragePage());
});

describe('coverage', () => {
  const automatic = frameworks.kubekata.entries.filter(
    ({control}) => !control.meta.needs.includes('attestation'),
  );
  const shared = [homeInventory(), weakInventory()];

  it.each(lessonFiles)('$id has an automatic check', ({id}) => {
    expect(automatic.filter(({control}) => control.meta.practice === id).length).toBeGreaterThan(0);
  });

  it.each(automatic)('$id fails somewhere, and then tells how to fix it', ({control}) => {
    const shown = brokenInventories(lessonOf(control.meta.practice), control.meta.id);
    expect(fixKindsOf(control, [...shown, ...shared])).not.toEqual([]);
  });
});
