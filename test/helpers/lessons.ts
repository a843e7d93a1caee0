import {readdirSync, readFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {type Lesson, parseLesson} from '../../src/engine/lesson.ts';

const folder = join(import.meta.dirname, '../../lessons');

/** All files of lessons/, parsed or not. */
export const lessonFiles: readonly {readonly id: string; readonly text: string}[] = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .sort()
  .map((name) => ({id: basename(name, '.md'), text: readFileSync(join(folder, name), 'utf8')}));

export const lessonOf = (id: string): Lesson =>
  parseLesson(lessonFiles.find((file) => file.id === id)!.text, id);
