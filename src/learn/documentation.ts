import {DOMAINS} from '../engine/curriculum.ts';

const kubernetes = 'kubernetes.io/docs';

/** Pages of the documentation that may be open in the exam, by competency. */
const pages: Readonly<Record<string, readonly string[]>> = {
  'setup/network-policies': [`${kubernetes}/concepts/services-networking/network-policies`],
  'setup/cis-benchmark': [
    `${kubernetes}/reference/command-line-tools-reference/kube-apiserver`,
    `${kubernetes}/reference/config-api/kubelet-config.v1beta1`,
  ],
  'setup/ingress-tls': [`${kubernetes}/concepts/services-networking/ingress`],
  'setup/node-metadata': [`${kubernetes}/tasks/administer-cluster/securing-a-cluster`],
  'setup/verify-binaries': [`${kubernetes}/tasks/tools/install-kubectl-linux`],
  'hardening/rbac': [`${kubernetes}/reference/access-authn-authz/rbac`],
  'hardening/service-accounts': [`${kubernetes}/tasks/configure-pod-container/configure-service-account`],
  'hardening/api-access': [`${kubernetes}/concepts/security/controlling-access`],
  'hardening/upgrade': [`${kubernetes}/tasks/administer-cluster/kubeadm/kubeadm-upgrade`],
  'system/host-footprint': [`${kubernetes}/concepts/security/linux-kernel-security-constraints`],
  'system/least-privilege': [`${kubernetes}/concepts/security/rbac-good-practices`],
  'system/external-access': [`${kubernetes}/reference/networking/ports-and-protocols`],
  'system/kernel-hardening': [
    `${kubernetes}/tutorials/security/apparmor`,
    `${kubernetes}/tutorials/security/seccomp`,
  ],
  'microservices/pod-security-standards': [
    `${kubernetes}/concepts/security/pod-security-standards`,
    `${kubernetes}/concepts/security/pod-security-admission`,
  ],
  'microservices/secrets': [
    `${kubernetes}/concepts/configuration/secret`,
    `${kubernetes}/tasks/administer-cluster/encrypt-data`,
  ],
  'microservices/isolation': [
    `${kubernetes}/concepts/containers/runtime-class`,
    `${kubernetes}/concepts/security/multi-tenancy`,
  ],
  'microservices/pod-encryption': ['docs.cilium.io', 'istio.io/latest/docs/concepts/security'],
  'supply-chain/image-footprint': [`${kubernetes}/concepts/containers/images`],
  'supply-chain/sbom': ['github.com/kubernetes-sigs/bom'],
  'supply-chain/registries-signing': [
    `${kubernetes}/reference/access-authn-authz/validating-admission-policy`,
    `${kubernetes}/tasks/administer-cluster/verify-signed-artifacts`,
  ],
  'supply-chain/static-analysis': ['docs.kubelinter.io', 'kubesec.io'],
  'runtime/behavioral-analytics': ['falco.org/docs/concepts/rules'],
  'runtime/threat-detection': ['falco.org/docs/reference/rules/supported-fields'],
  'runtime/investigation': [`${kubernetes}/tasks/debug/debug-application/debug-running-pod`],
  'runtime/immutability': [`${kubernetes}/tasks/configure-pod-container/security-context`],
  'runtime/audit-logs': [`${kubernetes}/tasks/debug/debug-cluster/audit`],
};

/** The documentation's index of what is taught, as Markdown: domains, competencies and their pages. */
export const documentationIndex = (): string =>
  DOMAINS.map(({number, name, competencies}) =>
    [
      `## ${number} ${name}`,
      ...competencies.map(({id, title}) => `- ${title}: ${(pages[id] ?? []).join(', ')}`),
    ].join('\n\n'),
  ).join('\n\n');

/** Ids of competencies that have no page. */
export const withoutPage = (): readonly string[] =>
  DOMAINS.flatMap(({competencies}) => competencies.map(({id}) => id)).filter((id) => !pages[id]?.length);
