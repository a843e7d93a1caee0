import type {Fix} from '../src/engine/change.ts';
import {
  type Control,
  type ControlMeta,
  defineControl,
  type Failure,
  type View,
} from '../src/engine/control.ts';
import {asArray, asObject, asString} from '../src/engine/json.ts';
import {annotationsOf, describe, type Resource, refOf} from '../src/engine/objects.ts';
import {type Container, isTopLevel, podTemplate} from '../src/engine/pod-spec.ts';
import {idsOf, set, shown} from './shared/fix.ts';
import {getIn, listIn} from './shared/namespaces.ts';

const setting = 'allow-snippet-annotations';
const controller = /ingress-nginx[/-]controller|nginx-ingress-controller/;

const meta = {
  id: 'C-0059',
  title: 'CVE-2021-25742-nginx-ingress-snippet-annotation-vulnerability',
  practice: 'cloud-infrastructure',
  baseScore: 8,
  needs: ['Deployment', 'ConfigMap'],
  messages: {
    snippets:
      '{object} runs {found}, where whoever may write an Ingress can have its snippet executed, and read every Secret that the controller may (CVE-2021-25742). Update it and switch snippets off.',
  },
  references: [
    'Kubernetes Hardening Guidance, Upgrading and application security practices',
    'https://github.com/kubernetes/ingress-nginx/issues/7837',
  ],
} satisfies ControlMeta;

const controllers = (resource: Resource): readonly Container[] =>
  podTemplate(resource).containers.filter(
    ({type, spec}) => type === 'containers' && controller.test(asString(spec.image)),
  );

/** Whether a version is 0.49.0 or older, or 1.0.0. */
function isAffected({spec}: Container): boolean {
  const match = /:[^/]*?(\d+)\.(\d+)\.(\d+)/.exec(asString(spec.image));
  if (match === null) return false;
  const [major, minor, patch] = match.slice(1).map(Number);
  if (major === 0) return minor! < 49 || (minor === 49 && patch === 0);
  return major === 1 && minor === 0 && patch === 0;
}

/** Today's form counts the controllers; the first edition counted every Deployment. */
export const c0059 = defineControl({
  meta,
  kinds: ['Deployment'],
  counts: (resource) => isTopLevel(resource) && controllers(resource).length > 0,
  *check(resource, view) {
    const affected = controllers(resource).filter(isAffected);
    if (affected.length === 0) return;
    const configMaps = listIn(view, 'ConfigMap', resource.namespace);
    if (configMaps.some(({object}) => asObject(object.data)[setting] === 'false')) return;
    for (const {path, spec} of affected) {
      const data = {object: describe(resource)};
      yield {message: 'snippets', path: [...path, 'image'], found: shown(spec.image), data};
    }
  },
  fixes: (failures, view) => [
    ...failures.flatMap((failure) => snippetsOff(failure, view)),
    ...failures.map(update),
  ],
});

export const c0059of2021: Control<'snippets'> = {...c0059, counts: isTopLevel};

/** The ConfigMap that the controller reads: named by its flag. */
function configMapOf({resource}: Failure, view: View): Resource | undefined {
  const words = controllers(resource).flatMap(({spec}) => [...asArray(spec.command), ...asArray(spec.args)]);
  const flag = words.map((word) => asString(word)).find((word) => word.startsWith('--configmap='));
  const name = flag?.split('/').at(-1);
  return name === undefined ? undefined : getIn(view, 'ConfigMap', resource.namespace, name);
}

function snippetsOff(failure: Failure, view: View): readonly Fix[] {
  const configMap = configMapOf(failure, view);
  if (configMap === undefined) return [];
  const users = view
    .list('Ingress')
    .filter(({object}) => Object.keys(annotationsOf(object)).some((key) => key.endsWith('-snippet')))
    .map(describe);
  const approach = 'snippets off';
  const edits = [set(['data', setting], 'false')];
  return [
    {
      approach,
      summary: `sets ${setting} to false in ${describe(configMap)}`,
      kind: 'review',
      scope: 'cluster',
      change: {
        id: `${meta.id} ${approach} ${failure.resource.key}`,
        steps: [{do: 'edit', object: refOf(configMap), edits}],
      },
      clears: idsOf(meta, failure),
      asks: [],
      consequence: `${users.length > 0 ? `The snippets of ${users.join(', ')} are ignored.` : 'No Ingress that was seen uses a snippet.'} A controller before 0.49.1 or 1.0.1 does not know the setting: update it as well.`,
    },
  ];
}

function update({resource}: Failure): Fix {
  const approach = 'a newer controller';
  const where = `-n ${resource.namespace || 'default'} deployment/${resource.name}`;
  return {
    approach,
    summary: 'updates the controller to a version that can forbid snippets',
    kind: 'manual',
    scope: 'object',
    change: {id: `${meta.id} ${approach} ${resource.key}`, steps: []},
    clears: [],
    asks: [],
    steps: [
      'Find out how it was installed (helm list -A, or the manifests), and update it there: at least 0.49.1 or 1.0.1, better the last one, for your version of Kubernetes.',
      `Set ${setting} to "false" in its ConfigMap.`,
      `Follow it: kubectl rollout status ${where}`,
      `Verify: kubectl get ${where} -o jsonpath='{.spec.template.spec.containers[*].image}'`,
    ],
  };
}
