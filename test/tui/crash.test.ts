import {expect, it} from 'vitest';
import type {Framework} from '../../src/engine/control.ts';
import {frameworks} from './fixtures.ts';
import {terminal} from './terminal.ts';

it('gives the terminal back when something inside fails, and hands the error on', async () => {
  const [two, one] = frameworks as readonly [Framework, Framework];
  const broken: Framework = {
    ...one,
    id: 'broken',
    get entries(): Framework['entries'] {
      throw new Error('the framework broke');
    },
  };
  const tui = terminal({options: {frameworks: [two, broken]}});
  const ended = expect(tui.ended).rejects.toThrow('the framework broke');
  await tui.sees('T-0001');
  tui.type('f');
  await ended;
  expect(tui.written()).toContain('\u001B[?1049l');
});
