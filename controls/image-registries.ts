import type {Fix, Step} from '../src/engine/change.ts';
import {type ControlMeta, defineControl, type Failure, type View} from '../src/engine/control.ts';
import {asString} from '../src/engine/json.ts';
import {describe, objectId} from '../src/engine/objects.ts';
import {podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {allWorkloads} from './shared/agents.ts';
import {isCluster} from './shared/cluster.ts';
import {idsOf, workloadFix} from './shared/fix.ts';
import {imagesOf} from './shared/image.ts';
import {manualFix} from './shared/manual.ts';
import {spaceOf} from './shared/namespaces.ts';
import {admittedRegistries, comesFrom, listParameter, registryOf} from './shared/registries.ts';
import {inContainer, overWorkloads} from './shared/workload.ts';

const meta = {
  id: 'image-registries',
  title: 'Images from registries that are meant',
  practice: 'secure-images',
  baseScore: 5,
  needs: [...WORKLOADS, 'Namespace'],
  messages: {
    foreign:
      'Container {container} of {object} runs {found}, from a registry that is not on the list ({list}). Bring the image to one that is, or put its registry on the list.',
    unlisted:
      'Nothing says which registries are meant: images come from {found}, and a pod may run one from anywhere else. List them under registries in kubekata.yaml, and let admission refuse the others.',
  },
  references: [
    'Kubernetes Hardening Guidance, Kubernetes Pod security: Building secure container images',
    'https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/',
  ],
} satisfies ControlMeta;

/** The list for what runs in a namespace: the person's, else what admission lets in there. */
function listFor(namespace: string, view: View): readonly string[] | undefined {
  const own = view.settings?.registries;
  if (own !== undefined) return own;
  const found = view.get('Namespace', '', spaceOf(namespace));
  return found && admittedRegistries(view, found);
}

const hasList = (view: View): boolean =>
  view.settings?.registries !== undefined ||
  view.list('Namespace').some((one) => admittedRegistries(view, one) !== undefined);

/** Registries by how many images come from them, the most first. */
function registriesInUse(view: View): readonly (readonly [string, number])[] {
  const images = new Set(allWorkloads(view).flatMap(imagesOf));
  const counts = new Map<string, number>();
  for (const image of images) counts.set(registryOf(image), (counts.get(registryOf(image)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}

export const imageRegistries = defineControl({
  meta,
  kinds: [...WORKLOADS, 'Namespace'],
  // Without any list the cluster is what is counted; with one, each workload that it is for.
  counts: (resource, view) =>
    resource.kind === 'Namespace'
      ? isCluster(resource) && !hasList(view)
      : overWorkloads.counts(resource) && listFor(resource.namespace, view) !== undefined,
  unavailable(view) {
    if (hasList(view) || view.list('Namespace').some(isCluster)) return undefined;
    const used = registriesInUse(view).map(([name]) => name);
    const from = used.length === 0 ? 'nowhere yet' : used.join(', ');
    return `Nothing says which registries are meant: images come from ${from}. List them under registries in kubekata.yaml.`;
  },
  *check(resource, view) {
    if (resource.kind === 'Namespace') {
      const used = registriesInUse(view).map(([name, count]) => `${name} (${count})`);
      yield {message: 'unlisted', path: ['metadata', 'name'], found: used.join(', ') || 'nowhere yet'};
      return;
    }
    const list = listFor(resource.namespace, view) ?? [];
    for (const container of podTemplate(resource).containers) {
      const {image} = container.spec;
      if (comesFrom(asString(image), list)) continue;
      const finding = inContainer('foreign', resource, container, ['image'], image);
      yield {...finding, data: {...finding.data, list: list.join(', ') || 'which is empty'}};
    }
  },
  fixes: (failures, view) =>
    failures.flatMap((failure) =>
      failure.resource.kind === 'Namespace'
        ? [refuseOthers(failure, view), writeDown(failure)]
        : [otherImage(failure), mirror(failure)],
    ),
});

const name = 'kubekata-image-registries';
const fullName =
  "(i.contains('/') && (i.split('/')[0].contains('.') || i.split('/')[0].contains(':') || i.split('/')[0] == 'localhost') ? i : 'docker.io/' + (i.contains('/') ? '' : 'library/') + i)";
const images =
  'object.spec.containers.map(c, c.image) + (has(object.spec.initContainers) ? object.spec.initContainers.map(c, c.image) : []) + (has(object.spec.ephemeralContainers) ? object.spec.ephemeralContainers.map(c, c.image) : [])';

/** A list in a ConfigMap, and a policy of the API server itself that refuses pods with images from elsewhere. */
function refuseOthers(failure: Failure, view: View): Fix {
  const used = registriesInUse(view).map(([registry]) => registry);
  const base = {name, namespace: 'kube-system'};
  const make = (
    object: {kind: string; metadata: {name: string; namespace?: string}},
    apiVersion: string,
  ) => ({
    base: {apiVersion, ...object},
  });
  const ask = {
    id: 'registries that images may come from',
    label: 'registries, with spaces between',
    type: 'text' as const,
    ...(used.length === 0 ? {} : {suggestion: used.join(' ')}),
    reason: used.length === 0 ? 'no workload runs yet' : 'those that are in use',
  };
  const group = 'admissionregistration.k8s.io/v1';
  const id = (kind: string) => objectId(kind, kind === 'ConfigMap' ? 'kube-system' : '', name);
  const steps: readonly Step[] = [
    {
      do: 'create',
      id: id('ConfigMap'),
      object: {
        ...make({kind: 'ConfigMap', metadata: base}, 'v1'),
        edits: [{op: 'set', path: ['data', 'registries'], value: {ask}}],
      },
    },
    {
      do: 'create',
      id: id('ValidatingAdmissionPolicy'),
      object: {
        base: {
          apiVersion: group,
          kind: 'ValidatingAdmissionPolicy',
          metadata: {name},
          spec: {
            failurePolicy: 'Fail',
            paramKind: {apiVersion: 'v1', kind: 'ConfigMap'},
            matchConstraints: {
              // The control plane has to come up whatever is on the list.
              namespaceSelector: {
                matchExpressions: [
                  {key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system']},
                ],
              },
              resourceRules: [
                {
                  apiGroups: [''],
                  apiVersions: ['v1'],
                  operations: ['CREATE', 'UPDATE'],
                  resources: ['pods', 'pods/ephemeralcontainers'],
                },
              ],
            },
            variables: [
              {name: 'images', expression: images},
              {name: 'registries', expression: `${listParameter}.split(' ').filter(r, r != '')`},
            ],
            validations: [
              {
                expression: `variables.images.all(i, variables.registries.exists(r, ${fullName}.startsWith(r + '/')))`,
                message: `an image of this pod is from a registry that ConfigMap kube-system/${name} does not list`,
              },
            ],
          },
        },
      },
    },
    {
      do: 'create',
      id: id('ValidatingAdmissionPolicyBinding'),
      object: {
        base: {
          apiVersion: group,
          kind: 'ValidatingAdmissionPolicyBinding',
          metadata: {name},
          spec: {
            policyName: name,
            paramRef: {name, namespace: 'kube-system', parameterNotFoundAction: 'Deny'},
            validationActions: ['Deny'],
          },
        },
      },
    },
  ];
  return {
    approach: 'refuse others at admission',
    summary: 'lists the registries in a ConfigMap, and lets the API server refuse images from elsewhere',
    kind: 'review',
    scope: 'cluster',
    change: {id: `${meta.id} refuse ${failure.resource.key}`, steps},
    clears: idsOf(meta, failure),
    asks: [ask],
    consequence:
      'From then on a pod with an image from elsewhere is not created, in every namespace but kube-system: debug containers and new charts too. Running pods stay. A registry is added in the ConfigMap.',
  };
}

const writeDown = ({resource}: Failure): Fix =>
  manualFix(meta, resource.key, {
    approach: 'write the list down',
    summary: 'lets kubekata tell each image from elsewhere, and refuses none',
    scope: 'cluster',
    steps: [
      'In kubekata.yaml, beside exceptions: write registries: [docker.io/library, quay.io/YOURS], as narrow as you can, each a registry or a folder of one.',
      'Commit it with the manifests, so that the pipeline finds a new registry before the cluster runs it.',
      "Verify: kubekata scan --framework kubekata --control image-registries, and kubectl get pods -A -o jsonpath='{..image}' shows nothing else.",
    ],
  });

const otherImage = (failure: Failure): Fix => {
  const {resource, findings} = failure;
  const wrong = new Set(findings.map(({path}) => JSON.stringify(path)));
  return workloadFix(meta, failure, {
    approach: 'an image from the list',
    summary: 'sets the image that you name, restarts its pods',
    kind: 'review',
    edits: podTemplate(resource)
      .containers.filter(({path}) => wrong.has(JSON.stringify([...path, 'image'])))
      .map((container) => ({
        op: 'set',
        path: [...container.path, 'image'],
        value: {
          ask: {
            id: `image of ${container.name} in ${resource.key}`,
            label: `image of ${container.name}`,
            type: 'text',
            reason: `it is ${asString(container.spec.image)}: bring that to a registry of the list first, with crane copy or skopeo copy`,
          },
        },
      })),
    consequence: 'Pods start from the image that you name; it has to be in the registry.',
  });
};

const mirror = ({resource, findings}: Failure): Fix =>
  manualFix(meta, resource.key, {
    approach: 'bring the image over',
    summary: 'copies the image to a registry of the list, or puts its registry there',
    steps: [
      ...[...new Set(findings.map(({found}) => found))].map(
        (image) =>
          `Read what it is, scan it, then copy it: crane copy ${image} YOUR.REGISTRY/NAME:TAG (crane digest of both is equal).`,
      ),
      `Write that name in the source of ${describe(resource)}; or, where ${registryOf(findings[0]?.found ?? '')} is meant after all, put it on the list.`,
      `Verify: kubectl -n ${resource.namespace || 'default'} get ${resource.kind.toLowerCase()} ${resource.name} -o yaml | grep 'image:' shows registries of the list alone.`,
    ],
  });
