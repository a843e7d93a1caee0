import {describe, expect, it} from 'vitest';
import {frame} from '../../src/tui/frame.ts';
import {sparkline, toAscii} from '../../src/tui/glyphs.ts';
import {lineText} from '../../src/tui/layout.ts';
import {colourDepth, makePaint, type ThemeChoice} from '../../src/tui/theme.ts';
import {harness} from './harness.ts';

const paint = (choice: Partial<ThemeChoice>) =>
  makePaint({theme: 'auto', colourBlind: false, depth: 'truecolor', ...choice});

describe('colours', () => {
  it('are the ones that were measured', () => {
    expect(paint({})('x', {role: 'accent'})).toBe('\u001B[38;2;6;113;236mx\u001B[0m');
    expect(paint({theme: 'dark', colourBlind: true})('x', {role: 'good'})).toBe(
      '\u001B[38;2;108;192;245mx\u001B[0m',
    );
    expect(paint({theme: 'light', depth: '256'})('x', {role: 'bad'})).toBe('\u001B[38;5;124mx\u001B[0m');
  });

  it('become bold where 256 colours have none with contrast', () => {
    expect(paint({depth: '256'})('x', {role: 'warn'})).toBe('\u001B[1mx\u001B[0m');
  });

  it('are for marks alone where there are 16', () => {
    expect(paint({depth: '16'})('x', {role: 'good'})).toBe('\u001B[32mx\u001B[0m');
    expect(paint({depth: '16'})('x', {role: 'accent'})).toBe('x');
  });

  it('are left out with NO_COLOR, bold stays', () => {
    expect(colourDepth({NO_COLOR: '1', COLORTERM: 'truecolor'})).toBe('none');
    expect(paint({depth: 'none'})('x', {role: 'bad'})).toBe('x');
    expect(paint({depth: 'none'})('x', {role: 'bad', bold: true})).toBe('\u001B[1mx\u001B[0m');
  });

  it('carry nothing that the text does not say', async () => {
    const tui = await harness();
    const plain = paint({depth: 'none'});
    const full = paint({depth: 'truecolor'});
    const visible = (text: string) => text.replaceAll(/\u001B\[[\d;]*m/g, '');
    for (const keys of [[], ['j', 'enter'], ['tab'], ['?'], ['esc', ':']]) {
      await tui.press(...keys);
      const lines = frame(tui.state());
      const painted = (by: typeof plain) =>
        lines.map((spans) => spans.map((span) => by(span.text, span)).join('')).map(visible);
      expect(painted(full)).toEqual(painted(plain));
      expect(painted(plain)).toEqual(lines.map(lineText));
    }
  });
});

describe('glyphs', () => {
  it('have an ASCII form for each, in the same columns', () => {
    expect(toAscii('▸ ✓ ✗ ! ╍╌⋅ ╎ ⋯')).toBe('> o x ! =-. | ~');
    expect(toAscii('67 ➜ 69      end')).toBe('67 -> 69     end');
  });

  it('leave no other character outside ASCII on any screen', async () => {
    const tui = await harness({columns: 120, rows: 40});
    for (const keys of [[], ['j', 'enter'], ['?'], ['esc', ':']]) {
      await tui.press(...keys);
      for (const spans of frame(tui.state())) expect(toAscii(lineText(spans))).toMatch(/^[\x20-\x7e]*$/);
    }
  });

  it('draw scores as a sparkline from four on', () => {
    expect(sparkline([62, 63, 64], 8)).toBe('');
    expect(sparkline([0, 0, 50, 50, 100, 100, 100, 100], 8)).toBe('⣀⣤⣿⣿');
  });
});
