import {flagControl, listed} from './shared/flag-control.ts';

const needed = ['NodeRestriction', 'PodSecurity', 'ServiceAccount'];

export const admissionPlugins = flagControl({
  id: 'admission-plugins',
  title: 'API server admission plugins',
  practice: 'control-plane',
  baseScore: 6,
  flag: 'enable-admission-plugins',
  isBad: (value, flag) => {
    const enabled = listed(value);
    const disabled = listed(flag('disable-admission-plugins'));
    return (
      enabled.includes('AlwaysAdmit') ||
      !enabled.includes('NodeRestriction') ||
      needed.some((plugin) => disabled.includes(plugin))
    );
  },
  message:
    'The API server {server} ({source}) admits too much: --enable-admission-plugins is {found}. NodeRestriction has to be on, AlwaysAdmit off, and PodSecurity and ServiceAccount not be disabled.',
  summary: 'lets a node change only itself and its own pods',
  edit: 'add NodeRestriction to --enable-admission-plugins, and take AlwaysAdmit out; take PodSecurity, ServiceAccount and NodeRestriction out of --disable-admission-plugins.',
  verify: 'kubectl label node OTHER a=b --as=system:node:NAME --as-group=system:nodes is refused.',
  change(flag) {
    const on = listed(flag('enable-admission-plugins')).filter((one) => one && one !== 'AlwaysAdmit');
    const off = listed(flag('disable-admission-plugins')).filter((one) => one && !needed.includes(one));
    const plugins = on.includes('NodeRestriction') ? on : [...on, 'NodeRestriction'];
    return {
      flags: {
        'enable-admission-plugins': plugins.join(','),
        'disable-admission-plugins': off.length > 0 ? off.join(',') : undefined,
      },
      consequence:
        'A kubelet may change only its own Node and the pods on it; what relied on more is refused.',
    };
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Control plane hardening',
    'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/',
  ],
});
