import type {Command} from '../events.ts';
import {labelControl} from '../next.ts';
import {currentDetail, resultOf, selectedFixes} from '../select.ts';
import type {Field, State} from '../state.ts';
import {currentControl} from './go.ts';
import {problemOf, remaining} from './preview.ts';

/** What the screen shows and nobody asked for yet: commands that the step from one state to the next calls for. */
export function wanted(before: State, after: State): readonly Command[] {
  const commands: Command[] = [];
  const detail = missingDetail(after);
  if (
    detail !== undefined &&
    (detail !== missingDetail(before) ||
      scanOf(before, detail) !== scanOf(after, detail) ||
      before.outdated !== after.outdated)
  ) {
    commands.push({do: 'detail', id: detail});
  }
  if (after.screen.name === 'result' && before.screen.name !== 'result') {
    // Whether a label may keep the namespace so.
    if (resultOf(after, labelControl)?.status === 'failed')
      commands.push({do: 'detail', id: labelControl, beside: true});
    commands.push({do: 'keep', id: after.screen.controlId});
  }
  const lesson = missingLesson(after);
  if (lesson !== undefined && lesson !== missingLesson(before))
    commands.push({do: 'lesson', practice: lesson});
  if (!sameSelection(before, after)) {
    const fixes = selectedFixes(after);
    if (fixes.length > 0 && after.screen.name === 'control') {
      commands.push({do: 'forecast', id: after.screen.id, fixes});
    }
  }
  const fields = completeFields(after);
  if (fields !== undefined && fields !== completeFields(before) && after.screen.name === 'preview') {
    commands.push({do: 'foresee', fields, change: remaining(after.screen)});
  }
  return commands;
}

/** The fields of a form in which every value can be taken. */
function completeFields({screen}: State): readonly Field[] | undefined {
  if (screen.name !== 'preview' || screen.phase.is !== 'questions') return undefined;
  const {fields} = screen.phase;
  return fields.every((field) => problemOf(field) === undefined) ? fields : undefined;
}

const scanOf = (state: State, id: string) => resultOf(state, id);

/** The control on the screen whose detail is not of the last scan. */
function missingDetail(state: State): string | undefined {
  const id = currentControl(state);
  if (id === undefined) return undefined;
  const result = resultOf(state, id);
  const isMissing = state.details.get(id)?.result !== result || state.outdated.has(id);
  return result !== undefined && isMissing ? id : undefined;
}

function missingLesson(state: State): string | undefined {
  const id = currentControl(state);
  const practice = id === undefined ? undefined : resultOf(state, id)?.entry.control.meta.practice;
  return practice !== undefined && !state.lessons.has(practice) ? practice : undefined;
}

function sameSelection(before: State, after: State): boolean {
  const [a, b] = [before.screen, after.screen];
  if (b.name !== 'control') return true;
  if (a.name !== 'control' || a.id !== b.id) return false;
  return (
    a.marks === b.marks &&
    a.approach === b.approach &&
    (a.marks.size > 0 || a.cursor === b.cursor) &&
    // The forecast of all that is safe, which comes later, is no other choice.
    currentDetail(before)?.approaches === currentDetail(after)?.approaches
  );
}
