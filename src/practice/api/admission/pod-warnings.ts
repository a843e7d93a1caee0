import {asObject, asString, type JsonObject} from '../../../engine/json.ts';
import {podSpecOf} from '../defaults/workloads.ts';
import {children, type Draft} from '../draft.ts';
import {nanoOf} from '../quantity.ts';

const places: Readonly<Record<string, string>> = {
  Pod: 'spec',
  Deployment: 'spec.template.spec',
  ReplicaSet: 'spec.template.spec',
  DaemonSet: 'spec.template.spec',
  StatefulSet: 'spec.template.spec',
  Job: 'spec.template.spec',
  CronJob: 'spec.jobTemplate.spec.template.spec',
};
const whole = 1_000_000_000n;

/** What the server takes and warns of: a part of a byte. */
export function podWarnings(draft: Draft): readonly string[] {
  if (draft.kind === 'PersistentVolumeClaim')
    return fractions(asObject(asObject(draft.spec).resources), 'spec.resources', ['storage']);
  const at = places[asString(draft.kind)];
  const spec = at === undefined ? undefined : podSpecOf(draft);
  if (!spec) return [];
  return ['initContainers', 'containers'].flatMap((key) =>
    children(spec, key).flatMap((container, index) =>
      fractions(asObject(container.resources), `${at}.${key}[${index}].resources`),
    ),
  );
}

const fractions = (
  resources: JsonObject,
  at: string,
  names: readonly string[] = ['memory', 'ephemeral-storage'],
): readonly string[] =>
  ['limits', 'requests'].flatMap((key) =>
    names.flatMap((name): readonly string[] => {
      const amount = asObject(resources[key])[name];
      if (amount === undefined || nanoOf(amount) % whole === 0n) return [];
      return [
        `${at}.${key}[${name}]: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`,
      ];
    }),
  );
