import type {View} from '../../engine/control.ts';
import {guidedLines} from '../../engine/guided.ts';
import {type ControlResult, type ScanResult, walkOrder} from '../../engine/scan.ts';
import {plainText} from '../../engine/text.ts';

/**
 * What a person does on the nodes for what still fails: files with the lines to change, and the steps around it. Only
 * for controls whose fix is in such a file.
 */
export function guideOf(result: ScanResult, view: View): readonly string[] {
  const failing = walkOrder(result.controls).filter(({status}) => status === 'failed');
  return failing.flatMap((control) => guideOfControl(control, view));
}

/** The same for one control; nothing where its fix is elsewhere. */
export function guideOfControl({entry, failures}: ControlResult, view: View): readonly string[] {
  const fixes = [...entry.control.fixes(failures, view)].filter(
    ({kind, approach}) => kind === 'manual' && approach === 'in the file of the node',
  );
  const lines = guidedLines(fixes, view);
  const [first] = fixes;
  const isOfNodes = entry.control.kinds.some((one) => one === 'Component' || one === 'Kubelet');
  if (first === undefined || !isOfNodes) return [];
  return [
    '',
    `By hand: ${entry.id} ${entry.title}, ${first.summary}`,
    ...lines.map((line) => `  ${plainText(line)}`),
    ...(first.steps ?? []).map((step, index) => `  ${index + 1}. ${plainText(step)}`),
    `  ${(first.steps?.length ?? 0) + 1}. Then: kubekata scan --control ${entry.id}, on the same target, tells what the API shows of it now, and from where.`,
  ];
}
