import type {Fix} from '../../engine/change.ts';
import {asString} from '../../engine/json.ts';
import {refOfObject} from '../../engine/objects.ts';
import type {Chosen} from '../../fix/choose.ts';
import {changeOfAll} from '../../fix/compose.ts';
import {policyFix} from '../../fix/keep-policy.ts';
import {preparePlan} from '../../fix/prepare.ts';
import {exitCodes} from '../exit-codes.ts';
import {lookOf} from '../look.ts';
import {say} from '../stdout.ts';
import {tellEntry, write} from './apply.ts';
import {askLetter, openDialogue} from './dialogue.ts';
import {scoreOutlook} from './outlook.ts';
import {planText} from './show.ts';
import {type State, stateOf, type Work} from './work.ts';

/** The control that looks for Pod Security labels. */
const labelControl = 'C-0068';

/**
 * With `--keep`, after the fixes: labels the namespaces that they touched, or binds policies of their controls to the
 * namespaces that meet them. A change of its own. Returns the exit code. @throws {JournalError | TargetError}
 */
export async function keepSo(work: Work): Promise<number> {
  const {request, target, signal, done} = work;
  if (request.keep === undefined || done.length === 0 || signal.aborted) return exitCodes.ok;
  const state = stateOf(work, await target.list());
  const chosen = request.keep === 'pod-security' ? labels(state, done) : policies(work, state);
  if (chosen.length === 0) {
    say(
      request.keep === 'pod-security'
        ? 'Nothing is kept by a label: each namespace that was touched has one, or runs what every level would refuse.'
        : 'Nothing is kept by a policy: there is none for these controls, or no further namespace meets them.',
    );
    return exitCodes.ok;
  }
  const action = request.keep === 'policy-deny' ? 'Deny' : 'Warn';
  const answers = new Map(chosen.flatMap(({fix}) => fix.asks.map(({id}) => [id, action] as const)));
  const {inventory} = state.whole;
  const plan = await preparePlan({target, inventory, change: changeOfAll(chosen), answers, signal});
  const outlook = scoreOutlook(state.whole, plan.change, answers);
  if (!request.yes) {
    say(planText(plan, chosen, outlook, lookOf(process.stderr, process.env)));
    const dialogue = openDialogue();
    const letter = await askLetter(dialogue, 'Keep it so?', ['y', 'n'], 'y applies it, n leaves it.');
    dialogue.close();
    if (dialogue.wasInterrupted()) return exitCodes.interrupted;
    if (letter !== 'y') return exitCodes.ok;
  }
  const controls = [...new Set(chosen.map(({control}) => control))];
  const title = `${controls.length > 4 ? `${controls.length} controls` : controls.join(' ')} keep it so`;
  const entry = await write(work, plan, title, state.whole.result.score);
  return tellEntry(work, entry, outlook.after.score);
}

function policies({whole, done}: Work, state: State): readonly Chosen[] {
  const ids = new Set(done.map(({control}) => control));
  return whole.entries
    .filter(({id}) => ids.has(id))
    .flatMap((entry) => {
      const fix = policyFix(entry, state.whole.inventory);
      return fix ? [{control: entry.id, fix}] : [];
    });
}

function labels({whole: {result, inventory}}: State, done: readonly Chosen[]): readonly Chosen[] {
  const control = result.controls.find(({entry}) => entry.id === labelControl);
  if (control?.status !== 'failed') return [];
  const touched = new Set(done.flatMap(({fix}) => spacesOf(fix)));
  return [...control.entry.control.fixes(control.failures, inventory)]
    .filter(({kind, change}) => kind !== 'manual' && change.steps.some((step) => 'object' in step))
    .filter(({change}) =>
      change.steps.some(
        (step) => step.do === 'edit' && step.object.kind === 'Namespace' && touched.has(step.object.name),
      ),
    )
    .map((fix) => ({control: labelControl, fix}));
}

const spacesOf = ({change}: Fix): readonly string[] =>
  change.steps.flatMap((step) => {
    if (step.do === 'file') return [];
    return asString(step.do === 'create' ? refOfObject(step.object.base).namespace : step.object.namespace);
  });
