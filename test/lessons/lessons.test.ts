import {describe, expect, it} from 'vitest';
import {domainOf} from '../../src/engine/curriculum.ts';
import {parseLesson, renderLesson} from '../../src/engine/lesson.ts';
import {textOf, widthOf, wrap} from '../../src/engine/markdown-lines.ts';
import {lessonFiles, lessonOf} from '../helpers/lessons.ts';

const glyphs = /[^\n\x20-\x7e\u25b8\u2713\u2717\u22ef\u279c]/u;

describe.each(lessonFiles)('lesson $id', ({id, text}) => {
  const lesson = parseLesson(text, id);
  const whole = lessonOf(id);

  it('has only characters that are one column wide', () => {
    const offending = text
      .split('\n')
      .flatMap((line, index) => (glyphs.test(line) ? [`${index + 1}: ${line}`] : []));
    expect(offending).toEqual([]);
  });

  it('fits on 80 columns and is no book', () => {
    const lines = renderLesson(lesson, 80);
    expect(lines.filter((line) => widthOf(line) > 76).map(textOf)).toEqual([]);
    expect(lines.length).toBeGreaterThanOrEqual(45);
    expect(lines.length).toBeLessThanOrEqual(100);
  });

  it('fits on 80 columns with the examples of its other controls, and one of them first', () => {
    for (const control of [undefined, ...whole.examples.map((one) => one.control)]) {
      const lines = renderLesson(whole, 80, control === undefined ? {} : {control});
      expect(lines.filter((line) => widthOf(line) > 76).map(textOf)).toEqual([]);
      const heads = lines.map(textOf).filter((line) => line.startsWith('Example: '));
      expect(heads).toHaveLength(whole.examples.length);
      if (control !== undefined) expect(heads[0]).toBe(`Example: ${control}`);
    }
  });

  it('has only characters of one column in those examples', () => {
    const shown = whole.examples.flatMap(({text: blocks, before, after}) => [
      ...blocks.map((block) => JSON.stringify(block)),
      before.code.text,
      after.code.text,
    ]);
    expect(shown.filter((one) => glyphs.test(one))).toEqual([]);
  });

  it('never needs a code line to be broken at 80 columns', () => {
    const code = [
      ...lesson.sections.flatMap(({blocks}) => blocks.filter((block) => block.kind === 'code')),
      ...whole.examples.flatMap(({before, after}) => [before.code, after.code]),
    ];
    const wide = code.flatMap((block) => block.text.split('\n').filter((line) => line.length > 74));
    expect(wide).toEqual([]);
  });

  it.each([46, 56, 110])('keeps every word at %i columns', (width) => {
    const lines = renderLesson(lesson, width);
    expect(lines.filter((line) => widthOf(line) > Math.min(width, 76)).map(textOf)).toEqual([]);
    const squeeze = (parts: readonly string[]) => parts.join('').replace(/\s/g, '');
    const shown = squeeze(lines.map(textOf));
    const paragraphs = lesson.sections.flatMap(({blocks}) =>
      blocks.filter((block) => block.kind === 'paragraph'),
    );
    const lost = paragraphs.map((block) => squeeze(block.content.map((run) => run.text)));
    expect(lost.filter((paragraph) => !shown.includes(paragraph))).toEqual([]);
  });

  it('has a gist for the strip of the walk, and a title that leaves room for its domain', () => {
    expect(lesson.gist.length).toBeLessThanOrEqual(200);
    expect(wrap([{kind: 'text', text: lesson.gist}], 76).length).toBeLessThanOrEqual(2);
    const place = domainOf(lesson, '2021') ?? domainOf(lesson, 'today')!;
    expect(`${lesson.title}  CKS ${place.number} ${place.name}`.length).toBeLessThanOrEqual(76);
  });

  it('verifies by kubectl', () => {
    const verify = lesson.sections.find(({heading}) => heading === 'How to verify')!.blocks;
    const shell = verify.flatMap((block) =>
      block.kind === 'code' && block.language === 'sh' ? [block.text] : [],
    );
    expect(shell.join('\n')).toContain('kubectl ');
  });

  it('shows an example of each of its controls of the editions of the guidance, failed before and passed after', () => {
    // Our own are shown behind it: in lessons/examples.
    const peers = lesson.controls.filter((one) => one.startsWith('C-'));
    expect(lesson.before.controls).toEqual(expect.arrayContaining(peers));
    expect([...lesson.after.controls].sort()).toEqual([...lesson.before.controls].sort());
    expect(lesson.controls).toEqual(expect.arrayContaining([...lesson.before.controls]));
  });
});
