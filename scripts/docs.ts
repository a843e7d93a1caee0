// Writes docs/controls.md, docs/coverage.md and README's keys from the controls, the editions and the lessons; fixes are those that the
// examples and the scenario home really get.
// Usage: npx node scripts/docs.ts
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {controls, frameworks} from '../controls/index.ts';
import type {Fix} from '../src/engine/change.ts';
import {type AnyControl, type Framework, severityOf} from '../src/engine/control.ts';
import type {Inventory} from '../src/engine/inventory.ts';
import type {Lesson} from '../src/engine/lesson.ts';
import {WORKLOADS} from '../src/engine/pod-spec.ts';
import {Scanner} from '../src/engine/scan.ts';
import {homeInventory} from '../test/helpers/home.ts';
import {brokenInventories, lessonFiles, lessonOf} from '../test/helpers/lessons.ts';
import {coveragePage} from './coverage.ts';
import {withKeys} from './keys.ts';

const root = join(fileURLToPath(import.meta.url), '../..');

/** `c-0034` of `C-0034`, `limit-range` of `limit-range`. */
export const fileOf = (id: string): string => id.toLowerCase();

const kindsOf = ({kinds}: AnyControl): string => {
  const isWorkload = WORKLOADS.every((kind) => kinds.includes(kind));
  const others = kinds.filter((kind) => !isWorkload || !WORKLOADS.some((one) => one === kind));
  return [...(isWorkload ? ['workloads'] : []), ...others].join(', ');
};

/** The ways to fix what the lesson's example and the scenario home get wrong, the least harmful first. */
function fixesOf(control: AnyControl, lesson: Lesson, home: Inventory): readonly string[] {
  const {id, title, baseScore} = control.meta;
  const entries = [{id, title, baseScore, control}];
  const framework: Framework = {id: 'one', title, scoring: 'mean', excuses: () => undefined, entries};
  const fixes = [...brokenInventories(lesson, id), home].flatMap((inventory) => [
    ...control.fixes(new Scanner(framework, inventory).scan().controls[0]?.failures ?? [], inventory),
  ]);
  const byApproach = [...Map.groupBy(fixes, ({approach}) => approach).values()];
  const isManual = (some: readonly Fix[]) => some.every(({kind}) => kind === 'manual');
  return [...byApproach.filter((some) => !isManual(some)), ...byApproach.filter(isManual)].map((some) => {
    const kinds = [...new Set(some.map(({kind}) => kind))].sort().join(' or ');
    return `- Fix, ${kinds}: *${some[0]?.approach}*, ${some[0]?.summary}.`;
  });
}

const editionLine = (id: string): string =>
  Object.values(frameworks)
    .flatMap(({id: edition, entries}) =>
      entries
        .filter((entry) => entry.id === id)
        .map(
          ({title, baseScore}) =>
            `\`${edition}\`: ${title}, base score ${baseScore} (${severityOf(baseScore)})`,
        ),
    )
    .join('; ');

function section(id: string, forms: readonly AnyControl[], lesson: Lesson, home: Inventory): string {
  const [first] = forms;
  if (first === undefined) return '';
  const counted = [...new Set(forms.map(kindsOf))].join('; in the first edition: ');
  const messages = [...new Set(forms.flatMap(({meta}) => Object.values(meta.messages)))];
  return [
    `### ${id}: ${first.meta.title}`,
    '',
    `- Editions: ${editionLine(id)}.`,
    `- Counts: ${counted}. Reads: ${[...new Set(first.meta.needs)].join(', ')}.`,
    ...messages.map((message) => `- Finds: ${message}`),
    ...new Set(forms.flatMap((form) => fixesOf(form, lesson, home))),
    `- Read more: ${first.meta.references.join('; ')}.`,
    `- In the code: [controls/${fileOf(id)}.ts](../controls/${fileOf(id)}.ts), [its cases](../test/controls/${fileOf(id)}.test.ts).`,
    '',
  ].join('\n');
}

/** The text of docs/controls.md. */
export function controlsPage(): string {
  const home = homeInventory();
  const byId = Map.groupBy(controls, ({meta}) => meta.id);
  const entries = Object.values(frameworks).map(
    ({id, title, entries: list}) => `- \`${id}\`: ${title}, ${list.length} controls.`,
  );
  const parts = lessonFiles
    .map(({id}) => lessonOf(id))
    .filter(({controls: ids}) => ids.length > 0)
    .sort((a, b) => a.section.localeCompare(b.section) || a.title.localeCompare(b.title))
    .flatMap((lesson) => [
      `## ${lesson.title}`,
      '',
      `${lesson.gist} Lesson: [${lesson.id}](../lessons/${lesson.id}.md).`,
      '',
      ...lesson.controls.map((id) => section(id, byId.get(id) ?? [], lesson, home)),
    ]);
  return [
    '# Controls',
    '',
    'Written by `npx node scripts/docs.ts` from the controls, the editions and the lessons: change those, then run it again. The fixes are what the example of the lesson and the practice cluster get.',
    '',
    ...entries,
    '',
    ...parts,
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(root, 'docs/controls.md'), controlsPage());
  writeFileSync(join(root, 'docs/coverage.md'), coveragePage());
  const readme = join(root, 'README.md');
  writeFileSync(readme, withKeys(readFileSync(readme, 'utf8')));
}
