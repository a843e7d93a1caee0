import {type Context, systemUser} from './context.ts';
import type {WriteOptions} from './machine.ts';

/** The program that a system user belongs to: managedFields name programs. */
function managerOf(user: string): string {
  if (user.startsWith('system:node:')) return 'kubelet';
  if (user === 'system:apiserver') return 'kube-apiserver';
  if (user.endsWith('kube-scheduler')) return 'kube-scheduler';
  return user === '' || user.startsWith('system:serviceaccount:kube-system:') || user.startsWith('system:')
    ? 'kube-controller-manager'
    : user;
}

/** Who writes, where a controller does. */
export const contextOf = (options: WriteOptions): Context => ({
  user: systemUser(options.user ?? 'kube-controller-manager'),
  manager: managerOf(options.user ?? ''),
  dryRun: options.dryRun ?? false,
  warn: () => undefined,
});
