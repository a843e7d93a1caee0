import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {apiServerFile, atFlag, flagOf, onTheNode, overServers, serverNeeds} from './shared/component.ts';

const meta = {
  id: 'audit-rotation',
  title: 'Audit log kept long enough',
  practice: 'logging',
  baseScore: 3,
  needs: serverNeeds,
  messages: {
    age: 'The API server {server} ({source}) deletes its audit log after {found} days: most break-ins are found later. Keep 30 days at least.',
    number:
      'The API server {server} ({source}) keeps {found} old files of its audit log: a busy hour, or who makes one, pushes the rest out. Keep 10 at least.',
    size: 'The API server {server} ({source}) rotates its audit log never, or too often: --audit-log-maxsize is {found} megabytes. One file grows until the disk is full, or the old ones are pushed out at once. Use 100.',
    unbounded:
      'The API server {server} ({source}) keeps all of its audit log, by age and by number: --audit-log-maxage is {found}. When the disk of the node is full, nothing is recorded any more. Set --audit-log-maxage=30 and --audit-log-maxbackup.',
  },
  references: [
    'Kubernetes Hardening Guidance, Audit logging and threat detection: Logging',
    'https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/#log-backend',
  ],
} satisfies ControlMeta;

const age = 'audit-log-maxage';
const number = 'audit-log-maxbackup';
const size = 'audit-log-maxsize';

export const auditRotation = defineControl({
  meta,
  ...overServers(),
  *check(resource) {
    const path = flagOf(resource, 'audit-log-path');
    // Without a file there is nothing to keep.
    if (!path || path === '-') return;
    // A flag that is not there has the default of its version, which is bounded since there are defaults.
    const value = (flag: string) => {
      const text = flagOf(resource, flag);
      return text === undefined ? undefined : Number(text);
    };
    const [days, files, megabytes] = [value(age), value(number), value(size)];
    if (days !== undefined && days > 0 && days < 30) yield atFlag('age', resource, age);
    if (files !== undefined && files > 0 && files < 10) yield atFlag('number', resource, number);
    if (megabytes !== undefined && megabytes < 10) yield atFlag('size', resource, size);
    if (days === 0 && files === 0) yield atFlag('unbounded', resource, age);
  },
  fixes: (failures, view) =>
    onTheNode(
      meta,
      failures,
      view,
      'keeps the audit log for 30 days',
      () => [
        `In ${apiServerFile}, set --audit-log-maxage=30 --audit-log-maxbackup=10 --audit-log-maxsize=100, or more of each if the disk can hold it for so long. On k3s and RKE2 it is --kube-apiserver-arg of the server instead.`,
        'Wait until the kubelet has started the pod anew: kubectl -n kube-system get pods -l component=kube-apiserver',
        'Verify: on the node, ls -l in the folder of the audit log shows files of 30 days ago, when they have come to be.',
      ],
      (resource) => {
        const atLeast = (flag: string, least: number): string =>
          String(Math.max(least, Number(flagOf(resource, flag) ?? 0) || 0));
        return {
          flags: {[age]: atLeast(age, 30), [number]: atLeast(number, 10), [size]: atLeast(size, 100)},
          consequence:
            'The log may take up to its size times its number of files of the disk of the control-plane node.',
        };
      },
    ),
});
