import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {asArray, asObject} from '../src/engine/json.ts';
import {describe} from '../src/engine/objects.ts';
import {limitsForNamespace} from './shared/namespace-limits.ts';
import {hasWorkloads, listIn} from './shared/namespaces.ts';
import {measuredUsage} from './shared/usage.ts';

const meta = {
  id: 'limit-range',
  title: 'Namespaces without default limits',
  practice: 'resource-policies',
  baseScore: 3,
  needs: ['Namespace', 'LimitRange'],
  messages: {
    none: '{object} gives its containers no {found} limit by default: one that asks for none may take all of its node. Make a LimitRange with defaults for containers.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Resource policies',
    'https://kubernetes.io/docs/concepts/policy/limit-range/',
  ],
} satisfies ControlMeta;

export const limitRange = defineControl({
  meta,
  kinds: ['Namespace'],
  counts: ({name}, view) => name !== 'kube-system' && hasWorkloads(view, name),
  *check(resource, view) {
    const limits = listIn(view, 'LimitRange', resource.name).flatMap(({object}) =>
      asArray(asObject(object.spec).limits).map(asObject),
    );
    const missing = (['cpu', 'memory'] as const).filter(
      (name) => !limits.some((one) => one.type === 'Container' && asObject(one.default)[name] !== undefined),
    );
    if (missing.length === 0) return;
    const found = missing.join(' and ');
    yield {message: 'none', path: ['metadata', 'name'], found, data: {object: describe(resource)}};
  },
  fixes(failures, view) {
    const usage = measuredUsage(view);
    return failures.map((failure) => limitsForNamespace(meta, failure.resource.name, [failure], view, usage));
  },
});
