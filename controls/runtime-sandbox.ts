import {type ControlMeta, defineControl, type View} from '../src/engine/control.ts';
import {asArray, asObject, asString} from '../src/engine/json.ts';
import {describe, labelsOf, type Resource} from '../src/engine/objects.ts';
import {podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {selects} from '../src/engine/selectors.ts';
import {set, workloadFix} from './shared/fix.ts';
import {manualFix} from './shared/manual.ts';
import {spaceOf} from './shared/namespaces.ts';
import {perList} from './shared/per-list.ts';
import {overWorkloads} from './shared/workload.ts';

/** On a workload or its namespace: `required`. It asks for a sandbox, and proves none. */
export const sandboxLabel = 'kubekata.dev/sandbox';

const meta = {
  id: 'runtime-sandbox',
  title: 'Sensitive workloads in a sandbox of their own',
  practice: 'container-engines',
  baseScore: 5,
  needs: [...WORKLOADS, 'Namespace'],
  messages: {
    shared:
      '{object} has to run in a sandbox and shares the kernel of its node: runtimeClassName is {found}. A flaw in that kernel is enough to leave the container. Name a RuntimeClass of gVisor or Kata.',
    unknown:
      '{object} names RuntimeClass {found}, which is not there: no pod of it starts. Create it, with the handler that the nodes have.',
    plain:
      '{object} names RuntimeClass {name}, whose handler {found} is none of a sandbox known here: it shares the kernel of its node as any other. Use gVisor (runsc) or Kata.',
    absent:
      '{object} names RuntimeClass {name}, and no node that it selects has handler {found}: no pod of it starts. Install it there.',
  },
  references: [
    'Kubernetes Hardening Guidance, Kubernetes Pod security: Hardening container engines',
    'https://kubernetes.io/docs/concepts/containers/runtime-class/',
  ],
} satisfies ControlMeta;

/** Handlers that put a kernel of its own, or one in user space, between container and node. */
const sandboxes = /^(runsc|gvisor|kata|firecracker|sysbox|hyperlight|nabla|quark|wasm|spin)/;

const classOf = (workload: Resource): string => asString(podTemplate(workload).spec.runtimeClassName);

/** Whether somebody said that it has to be in a sandbox: in kubekata.yaml, or by a label. */
function isSensitive(workload: Resource, view: View): boolean {
  const space = spaceOf(workload.namespace);
  const listed = view.settings?.sandboxed ?? [];
  if (listed.includes(space) || listed.includes(`${space}/${workload.name}`)) return true;
  const namespace = view.get('Namespace', '', space);
  return [workload, namespace].some((one) => one && labelsOf(one.object)[sandboxLabel] === 'required');
}

const handlerOf = ({object}: Resource): string => asString(object.handler);

/** Handlers that a node tells; undefined where it tells none, as older ones do. */
const handlersOn = ({object}: Resource): readonly string[] | undefined => {
  const {runtimeHandlers} = asObject(object.status);
  return runtimeHandlers === undefined
    ? undefined
    : asArray(runtimeHandlers).map((one) => asString(asObject(one).name));
};

/** Whether a node that the class selects has its handler, as far as the nodes tell. */
function isOnNodes(runtimeClass: Resource, view: View): boolean {
  const {nodeSelector} = asObject(runtimeClass.object.scheduling);
  const nodes = view
    .list('Node')
    .filter(({object}) => selects({matchLabels: asObject(nodeSelector)}, labelsOf(object)));
  if (view.list('Node').length === 0) return true;
  return nodes.some((node) => handlersOn(node)?.includes(handlerOf(runtimeClass)) ?? true);
}

/** Whether anything is counted: found once per list, because this is asked after every change. */
function hasCounted(view: View): boolean {
  const isAsked = (one: Resource): boolean => labelsOf(one.object)[sandboxLabel] === 'required';
  const asksForSpaces =
    (view.settings?.sandboxed ?? []).length > 0 ||
    perList(view, 'Namespace', 'sandboxed', (list) => list.some(isAsked));
  return WORKLOADS.some((kind) =>
    asksForSpaces
      ? view.list(kind).some((one) => isCounted(one, view))
      : perList(view, kind, 'sandboxed', (list) =>
          list.some((one) => overWorkloads.counts(one) && (classOf(one) !== '' || isAsked(one))),
        ),
  );
}

const isCounted = (workload: Resource, view: View): boolean =>
  overWorkloads.counts(workload) && (classOf(workload) !== '' || isSensitive(workload, view));

export const runtimeSandbox = defineControl({
  meta,
  kinds: WORKLOADS,
  counts: isCounted,
  unavailable: (view) =>
    hasCounted(view)
      ? undefined
      : `Only a person knows which workloads are sensitive, or run what strangers wrote: label them or their namespace ${sandboxLabel}: required, or list them under sandboxed in kubekata.yaml as NAMESPACE or NAMESPACE/NAME.`,
  *check(workload, view) {
    const {path} = podTemplate(workload);
    const name = classOf(workload);
    const at = {path: [...path, 'runtimeClassName'], data: {object: describe(workload), name}};
    if (name === '') {
      yield {message: 'shared', found: 'not set', ...at};
      return;
    }
    const runtimeClass = view.get('RuntimeClass', '', name);
    if (runtimeClass === undefined) {
      // A class of the cluster need not stand beside the manifests.
      if (view.get('Namespace', '', 'kube-system')) yield {message: 'unknown', found: name, ...at};
    } else if (isSensitive(workload, view) && !sandboxes.test(handlerOf(runtimeClass))) {
      yield {message: 'plain', found: handlerOf(runtimeClass), ...at};
    } else if (!isOnNodes(runtimeClass, view)) {
      yield {message: 'absent', found: handlerOf(runtimeClass), ...at};
    }
  },
  fixes: (failures, view) => {
    const usable = view
      .list('RuntimeClass')
      .filter((one) => sandboxes.test(handlerOf(one)) && isOnNodes(one, view))
      .map(({name}) => name)
      .sort();
    const [first] = usable;
    return failures.flatMap((failure) => {
      const {resource} = failure;
      const install = manualFix(meta, resource.key, {
        approach: 'install a sandbox',
        summary: 'puts gVisor or Kata on a node, and names it in a RuntimeClass',
        scope: 'cluster',
        steps: [
          'On each node that is to run it: install runsc (gVisor) or Kata, add it to containerd as runtime runsc with runtime_type io.containerd.runsc.v1, and restart containerd. A provider may have it ready: GKE Sandbox, Kata on AKS.',
          'Create the class: apiVersion node.k8s.io/v1, kind RuntimeClass, metadata.name gvisor, handler runsc, and scheduling.nodeSelector with a label of those nodes.',
          `Set runtimeClassName: gvisor in the pod template of ${describe(resource)}; what needs devices, the network of the node or rare system calls may not run there: try it beside the old one first.`,
          `Verify: kubectl -n ${resource.namespace || 'default'} exec POD -- dmesg shows the kernel of gVisor, or uname -r another kernel than that of the node.`,
        ],
      });
      if (first === undefined) return [install];
      const edit = set([...podTemplate(resource).path, 'runtimeClassName'], first);
      return [
        workloadFix(meta, failure, {
          approach: 'in the sandbox that is there',
          summary: `runs its pods by RuntimeClass ${first}, restarts them`,
          kind: 'review',
          edits: [edit],
          consequence:
            'System calls pass a second kernel: some software is slower there, and what needs devices, the network of the node or rare calls does not run.',
        }),
        install,
      ];
    });
  },
});
