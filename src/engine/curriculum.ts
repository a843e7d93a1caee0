export type Outline = '2021' | 'today';
export const DOMAIN_IDS = [
  'setup',
  'hardening',
  'system',
  'microservices',
  'supply-chain',
  'runtime',
] as const;
export type DomainId = (typeof DOMAIN_IDS)[number];

export type Competency = {readonly id: string; readonly title: string};

export type Domain = {
  readonly id: DomainId;
  /** 1 to 6, as the exam orders them. */
  readonly number: number;
  readonly name: string;
  /** Percent of the exam, per outline: 2021 (v1.22), and in force since October 2024 (v1.34). */
  readonly weight: Readonly<Record<Outline, number>>;
  /** Those of today's outline. */
  readonly competencies: readonly Competency[];
};

const domain = (
  number: number,
  id: DomainId,
  name: string,
  weight: readonly [number, number],
  competencies: Readonly<Record<string, string>>,
): Domain => ({
  id,
  number,
  name,
  weight: {'2021': weight[0], today: weight[1]},
  competencies: Object.entries(competencies).map(([slug, title]) => ({id: `${id}/${slug}`, title})),
});

/** The six domains of the Certified Kubernetes Security Specialist exam. */
export const DOMAINS: readonly Domain[] = [
  domain(1, 'setup', 'Cluster Setup', [10, 15], {
    'network-policies': 'Network security policies to restrict cluster-level access',
    'cis-benchmark': 'CIS benchmark review of etcd, kubelet, kubedns, kubeapi',
    'ingress-tls': 'Ingress objects with TLS',
    'node-metadata': 'Protect node metadata and endpoints',
    'verify-binaries': 'Verify platform binaries before deploying',
  }),
  domain(2, 'hardening', 'Cluster Hardening', [15, 15], {
    rbac: 'Role based access control to minimize exposure',
    'service-accounts': 'Caution with service accounts: disable defaults, minimize permissions on new ones',
    'api-access': 'Restrict access to the Kubernetes API',
    upgrade: 'Upgrade Kubernetes to avoid vulnerabilities',
  }),
  domain(3, 'system', 'System Hardening', [15, 10], {
    'host-footprint': 'Minimize host OS footprint',
    'least-privilege': 'Least-privilege identity and access management',
    'external-access': 'Minimize external access to the network',
    'kernel-hardening': 'Kernel hardening tools: AppArmor, seccomp',
  }),
  domain(4, 'microservices', 'Minimize Microservice Vulnerabilities', [20, 20], {
    'pod-security-standards': 'Pod security standards',
    secrets: 'Manage Kubernetes secrets',
    isolation: 'Isolation techniques: multi-tenancy, sandboxed containers',
    'pod-encryption': 'Pod-to-Pod encryption: Cilium, Istio',
  }),
  domain(5, 'supply-chain', 'Supply Chain Security', [20, 20], {
    'image-footprint': 'Minimize base image footprint',
    sbom: 'Understand the supply chain: SBOM, CI/CD, artifact repositories',
    'registries-signing': 'Secure the supply chain: permitted registries, sign and validate artifacts',
    'static-analysis': 'Static analysis of workloads and images: Kubesec, KubeLinter',
  }),
  domain(6, 'runtime', 'Monitoring, Logging and Runtime Security', [20, 20], {
    'behavioral-analytics': 'Behavioral analytics to detect malicious activities',
    'threat-detection':
      'Detect threats within physical infrastructure, apps, networks, data, users and workloads',
    investigation: 'Investigate and identify phases of attack and bad actors',
    immutability: 'Immutability of containers at runtime',
    'audit-logs': 'Kubernetes audit logs to monitor access',
  }),
];

const byId = new Map(DOMAINS.map((one) => [one.id, one]));

/** The domain with this id. Total, since the ids are a closed list. */
export const domainById = (id: DomainId): Domain => byId.get(id)!;

export const isDomainId = (id: string): id is DomainId => DOMAIN_IDS.some((known) => known === id);

/** A competency of today's outline, undefined for an unknown id. */
export const competencyById = (id: string): Competency | undefined =>
  DOMAINS.flatMap((one) => one.competencies).find((one) => one.id === id);

export type DomainPlace = {readonly number: number; readonly name: string; readonly weight: number};

/** Where an outline puts a lesson: its first domain there; undefined where that outline has no place for it. */
export function domainOf(
  lesson: {readonly cks2021: DomainId | null; readonly cksToday: readonly DomainId[]},
  outline: Outline,
): DomainPlace | undefined {
  const id = outline === '2021' ? lesson.cks2021 : lesson.cksToday[0];
  if (id === null || id === undefined) return undefined;
  const {number, name, weight} = domainById(id);
  return {number, name, weight: weight[outline]};
}
