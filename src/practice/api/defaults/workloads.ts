import {child, children, copyValue, type Draft, ensure, has, setDefault, setText, text} from '../draft.ts';
import {defaultPodSpec} from './pod-spec.ts';

const quarter = '25%';

const template = (spec: Draft): Draft => ensure(ensure(spec, 'template'), 'spec');

export function defaultPod(pod: Draft): void {
  defaultPodSpec(ensure(pod, 'spec'), true);
}

export function defaultPodTemplate(object: Draft): void {
  defaultPodSpec(template(object), false);
}

export function defaultDeployment(object: Draft): void {
  const spec = ensure(object, 'spec');
  defaultPodSpec(template(spec), false);
  setDefault(spec, 'replicas', 1);
  setDefault(spec, 'revisionHistoryLimit', 10);
  setDefault(spec, 'progressDeadlineSeconds', 600);
  const strategy = ensure(spec, 'strategy');
  setText(strategy, 'type', 'RollingUpdate');
  if (strategy.type === 'RollingUpdate') {
    const rolling = ensure(strategy, 'rollingUpdate');
    setDefault(rolling, 'maxUnavailable', quarter);
    setDefault(rolling, 'maxSurge', quarter);
  }
}

export function defaultReplicaSet(object: Draft): void {
  const spec = ensure(object, 'spec');
  setDefault(spec, 'replicas', 1);
  defaultPodSpec(template(spec), false);
}

export function defaultReplicationController(object: Draft): void {
  const spec = ensure(object, 'spec');
  setDefault(spec, 'replicas', 1);
  if (!has(spec, 'template')) return;
  defaultPodSpec(template(spec), false);
  const labels = child(child(child(spec, 'template'), 'metadata'), 'labels');
  if (!labels) return;
  setDefault(spec, 'selector', copyValue(labels));
  setDefault(ensure(object, 'metadata'), 'labels', copyValue(labels));
}

export function defaultDaemonSet(object: Draft): void {
  const spec = ensure(object, 'spec');
  defaultPodSpec(template(spec), false);
  setDefault(
    ensure(ensure(object, 'metadata'), 'annotations'),
    'deprecated.daemonset.template.generation',
    '1',
  );
  setDefault(spec, 'revisionHistoryLimit', 10);
  const strategy = ensure(spec, 'updateStrategy');
  setText(strategy, 'type', 'RollingUpdate');
  if (strategy.type === 'RollingUpdate') {
    const rolling = ensure(strategy, 'rollingUpdate');
    setDefault(rolling, 'maxUnavailable', 1);
    setDefault(rolling, 'maxSurge', 0);
  }
}

export function defaultStatefulSet(object: Draft): void {
  const spec = ensure(object, 'spec');
  defaultPodSpec(template(spec), false);
  setDefault(spec, 'replicas', 1);
  setDefault(spec, 'revisionHistoryLimit', 10);
  setText(spec, 'podManagementPolicy', 'OrderedReady');
  const strategy = ensure(spec, 'updateStrategy');
  setText(strategy, 'type', 'RollingUpdate');
  if (strategy.type === 'RollingUpdate') {
    const rolling = ensure(strategy, 'rollingUpdate');
    setDefault(rolling, 'partition', 0);
  }
  const retention = ensure(spec, 'persistentVolumeClaimRetentionPolicy');
  setText(retention, 'whenDeleted', 'Retain');
  setText(retention, 'whenScaled', 'Retain');
  for (const claim of children(spec, 'volumeClaimTemplates')) {
    claim.apiVersion ??= 'v1';
    claim.kind ??= 'PersistentVolumeClaim';
    setText(ensure(claim, 'spec'), 'volumeMode', 'Filesystem');
    setText(ensure(claim, 'status'), 'phase', 'Pending');
  }
}

const jobLabels = [
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
  'controller-uid',
  'job-name',
];

export function defaultJob(object: Draft): void {
  const spec = ensure(object, 'spec');
  defaultPodSpec(template(spec), false);
  if (!has(spec, 'completions') && !has(spec, 'parallelism')) {
    spec.completions = 1;
    spec.parallelism = 1;
  }
  setDefault(spec, 'parallelism', 1);
  const labels = child(child(child(spec, 'template'), 'metadata'), 'labels');
  const metadata = ensure(object, 'metadata');
  if (labels && !has(metadata, 'labels')) metadata.labels = copyValue(labels);
  setDefault(spec, 'backoffLimit', has(spec, 'backoffLimitPerIndex') ? 2_147_483_647 : 6);
  setText(spec, 'completionMode', 'NonIndexed');
  setDefault(spec, 'suspend', false);
  setDefault(spec, 'manualSelector', false);
  setText(spec, 'podReplacementPolicy', has(spec, 'podFailurePolicy') ? 'Failed' : 'TerminatingOrFailed');
  for (const rule of children(child(spec, 'podFailurePolicy'), 'rules')) {
    for (const condition of children(rule, 'onPodConditions')) setText(condition, 'status', 'True');
  }
}

/** A new Job selects its pods by its own uid. */
export function selectJobPods(object: Draft): void {
  const spec = ensure(object, 'spec');
  if (spec.manualSelector === true) return;
  const {uid = '', name = ''} = ensure(object, 'metadata');
  const labels = ensure(ensure(ensure(spec, 'template'), 'metadata'), 'labels');
  for (const label of jobLabels) labels[label] = label.endsWith('uid') ? uid : name;
  const selector = ensure(ensure(spec, 'selector'), 'matchLabels');
  selector['batch.kubernetes.io/controller-uid'] = uid;
  // The server writes a Job without labels with those of its template, and they now name the Job.
  setDefault(ensure(object, 'metadata'), 'labels', copyValue(labels));
}

export function defaultCronJob(object: Draft): void {
  const spec = ensure(object, 'spec');
  setText(spec, 'concurrencyPolicy', 'Allow');
  setDefault(spec, 'suspend', false);
  setDefault(spec, 'successfulJobsHistoryLimit', 3);
  setDefault(spec, 'failedJobsHistoryLimit', 1);
  defaultPodSpec(template(ensure(ensure(spec, 'jobTemplate'), 'spec')), false);
}

export const podSpecOf = (object: Draft): Draft | undefined => {
  const spec = child(object, 'spec');
  switch (text(object, 'kind')) {
    case 'Pod':
      return spec;
    case 'CronJob':
      return child(child(child(child(spec, 'jobTemplate'), 'spec'), 'template'), 'spec');
    case 'PodTemplate':
      return child(child(object, 'template'), 'spec');
    default:
      return child(child(spec, 'template'), 'spec');
  }
};
