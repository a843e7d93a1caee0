import {flagControl} from './shared/flag-control.ts';

export const auditRotation = flagControl({
  id: 'audit-rotation',
  title: 'Audit log kept long enough',
  practice: 'logging',
  baseScore: 3,
  flag: 'audit-log-maxage',
  isBad: (value, flag) => {
    const path = flag('audit-log-path');
    // Without the flag (or 0) nothing is deleted for its age; without a file there is nothing to keep.
    const days = Number(value ?? 0);
    return Boolean(path) && path !== '-' && days > 0 && days < 30;
  },
  message:
    'The API server {server} ({source}) deletes its audit log after {found} days: most break-ins are found later. Keep 30 days at least.',
  summary: 'keeps the audit log for 30 days',
  edit: 'set --audit-log-maxage=30, with --audit-log-maxbackup and --audit-log-maxsize that the disk can hold for so long.',
  verify:
    'on the node, ls -l in the folder of the audit log shows files of 30 days ago, when they have come to be.',
  references: [
    'Kubernetes Hardening Guidance, Audit logging and threat detection: Logging',
    'https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/#log-backend',
  ],
});
