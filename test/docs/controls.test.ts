import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {controlsPage} from '../../scripts/docs.ts';

it('docs/controls.md is what the controls say today; if not, run: npx node scripts/docs.ts', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/controls.md'), 'utf8');
  expect(page).toBe(controlsPage());
});
