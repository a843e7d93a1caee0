import {cpSync, existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {compiledLessons} from '../src/cli/lessons.ts';
import {parseLesson} from '../src/engine/lesson.ts';
import {compiledStudy, readWritten} from '../src/learn/content.ts';
import {compiledManifests, readManifests} from '../src/practice/api/scenario.ts';
import {compiledTraits, traitContents} from '../src/practice/controllers/kubelet/traits.ts';

/** Writes what the program would otherwise parse from Markdown and YAML on each start, as JSON, into `folder`. */
export async function compileData(root: string, folder: string): Promise<void> {
  const lessons = readdirSync(join(root, 'lessons'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => {
      const practice = basename(name, '.md');
      const more = join(root, 'lessons/examples', name);
      const examples = existsSync(more) ? readFileSync(more, 'utf8') : undefined;
      const text = readFileSync(join(root, 'lessons', name), 'utf8');
      return [practice, parseLesson(text, practice, examples)] as const;
    });
  writeFileSync(join(folder, compiledLessons), JSON.stringify(lessons));

  const study = join(root, 'src/learn');
  writeFileSync(join(folder, compiledStudy), JSON.stringify(await readWritten(study)));
  // Wrong solutions are for tests alone.
  cpSync(join(study, 'drills'), join(folder, 'drills'), {
    recursive: true,
    filter: (path) => basename(path) !== 'wrong',
  });

  const scenarios = join(root, 'src/practice/scenarios');
  for (const name of readdirSync(scenarios)) {
    const from = join(scenarios, name);
    const to = join(folder, 'scenarios', name);
    cpSync(join(from, 'nodes'), join(to, 'nodes'), {recursive: true});
    writeFileSync(join(to, compiledManifests), JSON.stringify(await readManifests(from)));
    writeFileSync(join(to, compiledTraits), JSON.stringify(traitContents(from)));
  }
}
